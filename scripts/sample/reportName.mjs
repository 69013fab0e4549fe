import { basename, extname } from 'node:path';
import { parseArgs } from 'node:util';

/** Options of `focal-lens analyze` that are followed by a value; the operand may stand before or behind them. */
const valued = ['model', 'card', 'labels', 'runtime', 'tensorflow', 'max-pixels', 'anchors', 'report'];

/**
 * The report that is written where the arguments of `focal-lens analyze` name no output of their own.
 *
 * @returns the file's name, after the image; undefined where none is wanted, or no image is named
 */
export function reportNameOf(args) {
  const options = Object.fromEntries(valued.map(name => [name, { type: 'string' }]));
  options.model.short = 'm';
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true, strict: false });
  const [image] = positionals;
  if (image === undefined || 'report' in values || 'json' in values || 'help' in values) return undefined;
  return `${basename(image, extname(image))}.html`;
}
