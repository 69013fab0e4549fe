import * as vscode from 'vscode';
import { CocoIndex } from '../../dataset/coco/cocoIndex';
import type { LabelIndex } from '../../dataset/labelIndex';
import type { ImageInfo } from '../../protocol/analysis';
import type { CocoDocuments } from './cocoDocuments';
import { documentText } from './documentText';

/** Where COCO files list their images. What is not known yet is looked up, and told of by `onFound`. */
export class ImageEntries {
  /** By label file and image: the line; undefined while it is looked up, and where there is none. */
  private readonly lines = new Map<string, Map<string, number | undefined>>();

  constructor(
    private readonly coco: CocoDocuments,
    private readonly index: LabelIndex,
    private readonly onFound: (labelFile: string) => void,
  ) {}

  /** The name of an image in its entry, as the document stands now. */
  inDocument(document: vscode.TextDocument, image: ImageInfo): vscode.Range | undefined {
    const scanned = this.coco.known(document);
    if (scanned === undefined) {
      void this.coco.scanned(document).then(found => {
        if (found !== undefined) this.onFound(document.uri.fsPath);
      });
      return undefined;
    }
    const entry = scanned.findImage(documentText(document), image.file);
    if (entry === undefined) return undefined;
    const name = /"file_name"\s*:\s*"(?:[^"\\]|\\.)*"/.exec(entry.text);
    const start = entry.start + (name?.index ?? 0);
    const end = start + (name?.[0].length ?? 1);
    return new vscode.Range(document.positionAt(start), document.positionAt(end));
  }

  /** The line of a file that is not open. */
  onDisk(labelFile: string, image: ImageInfo): number | undefined {
    const lines = this.lines.get(labelFile) ?? new Map<string, number | undefined>();
    this.lines.set(labelFile, lines);
    if (!lines.has(image.file)) {
      lines.set(image.file, undefined);
      void this.lookUp(labelFile, image).then(line => {
        if (line === undefined || this.lines.get(labelFile) !== lines) return;
        lines.set(image.file, line);
        this.onFound(labelFile);
      });
    }
    return lines.get(image.file);
  }

  /** The file may be another one now. */
  forget(labelFile: string): void {
    this.lines.delete(labelFile);
  }

  private async lookUp(labelFile: string, image: ImageInfo): Promise<number | undefined> {
    try {
      const coco = await this.index.coco(labelFile, { sniff: false });
      return coco instanceof CocoIndex ? (await coco.findImage(image))?.line : undefined;
    } catch {
      // What is wrong with the file is said where its labels are read.
      return undefined;
    }
  }
}
