import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, UserError } from '../../common/errors';

/** The webview app that a report holds. */
export interface ReportApp {
  readonly script: string;
  readonly style: string;
}

/** The app's bundle in `folder`; its style sheet may be part of the script. Throws a UserError where it is missing. */
export async function readReportApp(folder: string): Promise<ReportApp> {
  const file = join(folder, 'webview.js');
  const script = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UserError(`the report needs the app's bundle, which cannot be read: ${messageOf(cause)}`, {
      where: file,
      remedy: 'build or install Focal Lens again',
      cause,
    });
  });
  const style = await readFile(join(folder, 'webview.css'), 'utf8').catch(() => '');
  return { script, style };
}
