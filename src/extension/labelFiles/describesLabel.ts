import type { LabelFormat, LabelSource } from '../../dataset/labels';
import { readAnnotation } from '../../dataset/coco/readAnnotation';
import type { LabelSummary } from '../../protocol/analysis';
import { labelParts } from './labelParts';

const nowhere: LabelSource = { file: '', start: 0, end: 0, line: 0, column: 0 };

/**
 * Whether a text is that of a label, as far as it alone can tell: a COCO annotation of its id and box, a Pascal VOC
 * object of its class, a YOLO line. Guards against positions of another state of the file.
 */
export function describesLabel(format: LabelFormat, text: string, label: LabelSummary): boolean {
  switch (format) {
    case 'coco': {
      const read = readAnnotation(text, nowhere, 1, new Map(), () => undefined);
      // Of annotations with the same id, or without one, the id says where they stand, not what they are.
      const sameId = read?.id === label.id.replace(/ \(\d+\)$/, '') || label.id.startsWith('number ');
      return read !== undefined && sameId && near(read.box[0], label.bbox[0]) && near(read.box[1], label.bbox[1]);
    }
    case 'voc': {
      const { category } = labelParts(format, text);
      const name = category && text.slice(category.start, category.end).replace(/<[^>]*>/g, '');
      return name !== undefined && /^<object[\s>]/.test(text) && unescaped(name) === label.category;
    }
    case 'yolo':
      return /^\s*\d+(?:\.0*)?(?:\s+\S+){4}/.test(text) && !/[\r\n]/.test(text);
  }
}

function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a));
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text
    .replace(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => entities[name] ?? '')
    .replace(/&#(?:x([0-9a-f]{1,6})|(\d{1,7}));/gi, (whole, hex?: string, decimal?: string) => {
      const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    })
    .trim();
}
