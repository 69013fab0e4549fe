/** What a stored result follows from: as long as this is the same, the result is. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { messageOf, UserError } from '../../common/errors';
import type { ImageLabels, Label } from '../../dataset/labels';
import type { ModelConfig } from '../../model/types';
import type { BandThresholds } from '../../protocol/analysis';

/** Changes whenever the same input would be analysed differently. */
const analysisVersion = 1;

/** Of weights, model card and thresholds. Results of one store share it. */
export async function modelFingerprint(
  checkpoint: string,
  config: ModelConfig,
  bands: BandThresholds,
): Promise<string> {
  const weights = createHash('sha256');
  try {
    await pipeline(createReadStream(checkpoint), weights);
  } catch (cause) {
    throw new UserError(`cannot be read: ${messageOf(cause)}`, { where: checkpoint, remedy: 'check the file', cause });
  }
  return digest(JSON.stringify([analysisVersion, weights.digest('hex'), config, bands.easy, bands.hard]));
}

/** Of one image's bytes and labels, wherever these are written. */
export function imageKey(bytes: Uint8Array, labels: ImageLabels | undefined): string {
  const content = labels && [
    labels.format,
    labels.categories.map(({ name, id }) => [name, id ?? null]),
    labels.labels.map(({ id, category, categoryId, box, crowd, difficult }) => [
      ...[id, category, categoryId ?? null, ...box, crowd, difficult],
    ]),
    labels.problems.map(({ message }) => message),
  ];
  return createHash('sha256')
    .update(bytes)
    .update('\0')
    .update(JSON.stringify(content ?? null))
    .digest('hex');
}

/** Of the places in files where an image's labels stand. */
export function labelPositions(labels: readonly Pick<Label, 'source'>[], relative: (file: string) => string): string {
  return digest(
    JSON.stringify(
      labels.map(({ source: { file, start, end, line, column } }) => [relative(file), start, end, line, column]),
    ),
  );
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
