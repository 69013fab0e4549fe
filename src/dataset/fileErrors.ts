import { UserError } from '../common/errors';

/** The system's error code, such as `ENOENT`, of anything thrown. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Whether the error says that there is no such file, or that a part of its path is no folder. */
export function isMissing(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG' || code === 'ELOOP';
}

/** A failed file operation as an error the user can act on; anything else is returned as it is. */
export function fileError(error: unknown, file: string): unknown {
  if (error instanceof UserError) return error;
  const code = errorCode(error);
  if (code === undefined) return error;
  const options = { where: file, cause: error };
  if (isMissing(error)) return new UserError('no such file', { ...options, remedy: 'check the path' });
  if (code === 'EACCES' || code === 'EPERM')
    return new UserError('the file may not be read', { ...options, remedy: 'check its permissions' });
  return new UserError(`the file cannot be read (${code})`, { ...options, remedy: 'check the file and its disk' });
}
