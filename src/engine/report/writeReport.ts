import { basename } from 'node:path';
import type { ReportRequest } from '../../protocol/messages';
import { writeOutputFile } from '../outputFile';
import { readReportApp, type ReportApp } from './reportApp';
import { reportDocument, type ReportedImage } from './reportDocument';
import { reportImage } from './reportImage';

/**
 * Writes the interactive report of one or many analyses as one file, which appears whole or not at all.
 *
 * @param app the webview app, or the folder that holds its bundle
 */
export async function writeReport(request: ReportRequest, app: ReportApp | string): Promise<void> {
  const { file, analyses, maxPixels } = request;
  const bundle = typeof app === 'string' ? await readReportApp(app) : app;
  const images: ReportedImage[] = [];
  for (const analysis of analyses) {
    const image = analysis.image.file;
    images.push({ title: basename(image), imageUri: await reportImage(image, maxPixels), analysis });
  }
  const [first] = images;
  const title = images.length === 1 && first !== undefined ? first.title : `${images.length} images`;
  await writeOutputFile(file, reportDocument({ title, images, ...bundle }));
}
