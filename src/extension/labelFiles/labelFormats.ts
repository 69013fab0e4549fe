import { extname } from 'node:path';
import * as vscode from 'vscode';
import { sniffCoco } from '../../dataset/coco/sniffCoco';
import type { LabelFormat } from '../../dataset/labels';
import { looksLikeYolo } from '../../dataset/yolo/yoloPaths';
import { imageOfLabelFile } from '../imageOfLabelFile';

/** Documents that may be label files: by their names, since an editor drops a language for very large ones. */
export const labelFileSelector: vscode.DocumentSelector = {
  scheme: 'file',
  pattern: '**/*.{json,xml,txt,JSON,XML,TXT}',
};

const headLines = 40;
const headCharacters = 10_000;

/** Tells label files from other documents; what it has found out about a document it remembers until the text changes. */
export class LabelFormats {
  private readonly known = new WeakMap<
    vscode.TextDocument,
    { readonly version: number; readonly format: Promise<LabelFormat | undefined> }
  >();

  async of(document: vscode.TextDocument): Promise<LabelFormat | undefined> {
    if (document.uri.scheme !== 'file') return undefined;
    const known = this.known.get(document);
    // A label file stays one while it is being edited.
    if (known !== undefined && (known.version === document.version || (await known.format) !== undefined)) {
      return known.format;
    }
    const format = formatOf(document).catch(() => undefined);
    this.known.set(document, { version: document.version, format });
    return format;
  }
}

async function formatOf(document: vscode.TextDocument): Promise<LabelFormat | undefined> {
  const file = document.uri.fsPath;
  switch (extname(file).toLowerCase()) {
    case '.json':
      return (await sniffCoco(file)) ? 'coco' : undefined;
    case '.xml':
      return /<annotation[\s>]/.test(head(document)) ? 'voc' : undefined;
    case '.txt':
      return isYolo(file, head(document)) && imageOfLabelFile(file) !== undefined ? 'yolo' : undefined;
    default:
      return undefined;
  }
}

/** In a folder `labels` whatever its first lines say: they may be what is wrong. */
function isYolo(file: string, text: string): boolean {
  return /[\\/]labels[\\/]/.test(file) || looksLikeYolo(text) === true;
}

function head(document: vscode.TextDocument): string {
  const text = document.getText(new vscode.Range(0, 0, headLines, 0));
  return text.slice(0, headCharacters);
}
