import { isAbsolute, join, normalize } from 'node:path';

/**
 * The file a path setting means: absolute, `~/` in the home folder, or relative to the workspace folder, which
 * `${workspaceFolder}` also names. Undefined where the setting is empty.
 */
export function resolveSettingPath(text: string, folders: { workspace: string | undefined; home: string }) {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const { workspace = folders.home, home } = folders;
  const expanded = trimmed.replaceAll('${workspaceFolder}', () => workspace).replace(/^~(?=$|[\\/])/, () => home);
  return isAbsolute(expanded) ? normalize(expanded) : join(workspace, expanded);
}
