import type * as vscode from 'vscode';
import type { LabelFormat } from '../../dataset/labels';
import { imageOfLabelFile } from '../imageOfLabelFile';
import type { CocoDocuments } from './cocoDocuments';
import { documentText } from './documentText';
import { enclosingLabel } from './enclosingLabel';
import { labelParts } from './labelParts';
import type { TextRange } from './trackedRanges';

/** A label that is written somewhere, whether its image has been analyzed or not. */
export interface LabelPlace {
  readonly range: TextRange;
  /** The file of its image; undefined where that is not there. */
  readonly image: string | undefined;
  readonly category: string | undefined;
}

/** Pascal VOC and YOLO: characters around a place in which its label is looked for. */
const around = 4000;

/** What the text itself says about the label at a place. */
export async function labelPlace(
  document: vscode.TextDocument,
  format: LabelFormat,
  position: vscode.Position,
  coco: CocoDocuments,
): Promise<LabelPlace | undefined> {
  const offset = document.offsetAt(position);
  if (format === 'coco') {
    const scanned = await coco.scanned(document);
    const found = scanned?.labelAt(documentText(document), offset);
    if (found === undefined) return undefined;
    const name = found.image?.name;
    const image = name === undefined ? undefined : await coco.imageFile(document.uri.fsPath, name);
    return { range: found, image, category: found.label.category };
  }
  const text = documentText(document);
  const from = Math.max(0, offset - around);
  const part = text.slice(from, Math.min(text.length, offset + around));
  const found = enclosingLabel(format, part, offset - from);
  if (found === undefined) return undefined;
  const label = part.slice(found.start, found.end);
  const { category } = labelParts(format, label);
  const name =
    category &&
    label
      .slice(category.start, category.end)
      .replace(/<[^>]*>/g, '')
      .trim();
  return {
    range: { start: from + found.start, end: from + found.end },
    image: imageOfLabelFile(document.uri.fsPath),
    category: format === 'voc' ? name : undefined,
  };
}
