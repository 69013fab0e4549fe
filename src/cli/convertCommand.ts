import { parseArgs } from 'node:util';
import { CancelledError, UserError } from '../common/errors';
import { defaultMaxPixels } from '../common/limits';
import { labelFormats, type LabelFormat } from '../dataset/labels';
import { openDataset } from '../dataset/openDataset';
import { convertDataset, type Conversion, type ConvertOptions } from '../dataset/write/convertDataset';
import { printable, type Terminal } from './terminal';
import { UsageError } from './usage';

export const convertHelp = `Usage: focal-lens convert PATH --to coco|yolo|voc --out FOLDER [options]

Writes the boxes of a data set in another format. PATH is a COCO JSON file, a YOLO data.yaml, a Pascal VOC folder or a
folder that holds one of them. FOLDER appears whole or not at all.

  --to FORMAT              coco, yolo or voc
  --out, -o FOLDER         a new or empty folder
  --split NAME             only this split
  --images HOW             link (default: further names of the same files where the disk allows it), copy or none
  --image-folder FOLDER    where the images are, if not near the labels
  --overwrite              replace files in a folder that is not empty
  --json                   print what was done as one JSON document and nothing else
`;

const imageModes: readonly ConvertOptions['images'][] = ['link', 'copy', 'none'];

export interface ConvertArguments {
  readonly path: string;
  readonly to: LabelFormat;
  readonly out: string;
  readonly split: string | undefined;
  readonly images: ConvertOptions['images'];
  readonly imageFolders: readonly string[];
  readonly overwrite: boolean;
  readonly json: boolean;
}

const options = {
  to: { type: 'string' },
  out: { type: 'string', short: 'o' },
  split: { type: 'string' },
  images: { type: 'string' },
  'image-folder': { type: 'string', multiple: true },
  overwrite: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/**
 * @param argv what follows `convert`
 * @returns undefined when help is asked for; throws {@link UsageError} on anything not understood
 */
export function parseConvertArguments(argv: readonly string[]): ConvertArguments | undefined {
  const { values, positionals } = parse(argv);
  if (values.help) return undefined;
  const [path, ...rest] = positionals;
  if (path === undefined || path === '') throw new UsageError('convert needs a PATH');
  if (rest.length > 0) throw new UsageError(`convert takes one PATH, found ${rest.length + 1}`);
  if (values.out === undefined || values.out === '') throw new UsageError('convert needs --out with a folder');
  const to = labelFormats.find(format => format === values.to);
  if (to === undefined)
    throw new UsageError(`--to is "${values.to ?? ''}", expected one of ${labelFormats.join(', ')}`);
  const images = imageModes.find(mode => mode === (values.images ?? 'link'));
  if (images === undefined)
    throw new UsageError(`--images is "${values.images}", expected one of ${imageModes.join(', ')}`);
  return {
    path,
    to,
    out: values.out,
    split: values.split,
    images,
    imageFolders: values['image-folder'] ?? [],
    overwrite: values.overwrite ?? false,
    json: values.json ?? false,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    // Node's message says what is wrong in its first sentence and digresses in the ones that follow.
    throw new UsageError(error instanceof Error ? (error.message.split('. ')[0] ?? error.message) : String(error));
  }
}

/** Runs `focal-lens convert`. An interrupt leaves nothing behind. */
export async function convertCommand(argv: readonly string[], terminal: Terminal): Promise<void> {
  const args = parseConvertArguments(argv);
  if (args === undefined) {
    terminal.out(convertHelp);
    return;
  }
  const interrupt = new AbortController();
  const abort = () => interrupt.abort();
  process.once('SIGINT', abort);
  try {
    const { signal } = interrupt;
    const dataset = await openDataset(args.path, { imageFolders: args.imageFolders, signal });
    // Loads native code, which COCO files that state their sizes do without.
    const sizeOf = async (file: string) => {
      const { imageSize } = await import('../model/image/imageSize');
      return imageSize(file, { maxPixels: defaultMaxPixels });
    };
    const conversion = await convertDataset(dataset, { ...args, sizeOf, signal });
    terminal.out(args.json ? `${JSON.stringify(conversion, null, 2)}\n` : describe(conversion));
  } catch (error) {
    throw error instanceof CancelledError ? new UserError('interrupted, nothing was written', { cause: error }) : error;
  } finally {
    process.removeListener('SIGINT', abort);
  }
}

function describe({ paths, images, labels, missing, unlabelled, crowds, difficult, problems }: Conversion): string {
  const lines = [`${images} images with ${labels} labels: ${paths.map(printable).join(', ')}`];
  const note = (count: number, text: string) => {
    if (count > 0) lines.push(`  ${count} ${text}`);
  };
  note(missing.length, `listed images are not there, the first is ${printable(missing[0]?.name ?? '')}`);
  note(unlabelled, 'images have no label file and are left out');
  note(crowds, 'crowd labels are left out: the format has none');
  note(difficult, 'labels lose their mark "difficult": the format has none');
  const [first] = problems;
  const where = first === undefined ? '' : `${first.file}:${first.line + 1}: ${first.message}`;
  note(problems.length, `problems in the labels read, the first: ${printable(where)}`);
  return `${lines.join('\n')}\n`;
}
