import { basename } from 'node:path';
import { UserError } from '../../common/errors';
import type { EmbeddedAnalysis, ReportRequest } from '../../protocol/messages';
import { writeOutputFile } from '../outputFile';
import { readReportApp, type ReportApp } from './reportApp';
import { embedAnalysis } from './embedAnalysis';
import { reportDocument } from './reportDocument';
import { reportImage } from './reportImage';

/** A JavaScript string holds no more than half a gigabyte, and browsers are slow long before. */
const defaultMaxBytes = 400 * 2 ** 20;

/**
 * Writes the interactive report of one or many analyses as one file, which appears whole or not at all.
 *
 * @param app the webview app, or the folder that holds its bundle
 * @param maxBytes bound on what pictures and columns take in the file; throws a UserError beyond
 */
export async function writeReport(
  request: ReportRequest,
  app: ReportApp | string,
  maxBytes = defaultMaxBytes,
): Promise<void> {
  const { file, analyses, maxPixels } = request;
  const bundle = typeof app === 'string' ? await readReportApp(app) : app;
  const images: EmbeddedAnalysis[] = [];
  let bytes = 0;
  for (const analysis of analyses) {
    const image = analysis.image.file;
    const imageUri = await reportImage(image, maxPixels);
    const embedded = await embedAnalysis(basename(image), imageUri, analysis);
    bytes += imageUri.length + embedded.analysis.columns.length;
    if (bytes > maxBytes) throw tooLarge(file, images.length, analyses.length);
    images.push(embedded);
  }
  const [first] = images;
  const title = images.length === 1 && first !== undefined ? first.title : `${images.length} images`;
  await writeOutputFile(file, reportDocument({ title, images, ...bundle }));
}

function tooLarge(file: string, fitting: number, wanted: number): UserError {
  const room =
    fitting === 0 ? 'the image is too large for a report' : `${fitting} of ${wanted} images fit into a report`;
  return new UserError(room, { where: file, remedy: 'write several reports, or one of a smaller image' });
}
