import { normalize } from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../common/errors';
import { isImageFile } from '../dataset/imageFiles';
import type { LabelSummary } from '../protocol/analysis';
import { mayOpen } from './mayOpen';
import type { ImageOrder } from './imageOrder';
import { imageOfLabelFile } from './imageOfLabelFile';
import { labelAt } from './labelAtCursor';
import type { LensPanel } from './lensPanel';
import type { LensPanels } from './lensPanels';

/** Goes from image to image, from a label's text to the lens, and from a dropped file to its lens. */
export class LensNavigation {
  /**
   * @param order which image comes before and after another
   * @param analyze shows an image's panel with a fresh analysis, with progress where the user can cancel it
   * @param follow the same for a panel in sight, which shows its own progress
   * @param imageAt the image whose label is written at a place of a label file
   */
  constructor(
    private readonly lenses: LensPanels,
    private readonly order: ImageOrder,
    private readonly analyze: (panels: readonly LensPanel[]) => Promise<void>,
    private readonly follow: (panels: readonly LensPanel[]) => Promise<void>,
    private readonly imageAt: (document: vscode.TextDocument, position: vscode.Position) => Promise<string | undefined>,
  ) {}

  /**
   * Shows the image before or after the panel's own: in the current data set where it is one of its images, else in its
   * folder. At either end nothing happens.
   */
  async neighbor(panel: LensPanel, direction: 1 | -1): Promise<void> {
    const images = await this.order.around(panel.image.fsPath);
    // Asked for only now: the panel may have gone on while the list was read.
    const next = images.neighbor(panel.image.fsPath, direction);
    if (next === undefined) return;
    const moved = this.lenses.move(panel, vscode.Uri.file(next));
    if (moved === panel) await this.follow([panel]);
  }

  /** Opens image files among `uris`, many of them only if the user agrees; anything else is passed over. */
  async open(uris: readonly string[]): Promise<void> {
    const images = uris.map(imageUri).filter(uri => uri !== undefined);
    if (images.length > 0 && (await mayOpen(images.length)))
      await this.analyze(images.map(image => this.lenses.open(image)));
  }

  /** Shows the label that the cursor of the active editor stands in, in the lens of its image. */
  async showLabelAtCursor(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (editor === undefined) return;
    const { document } = editor;
    const file = document.uri.fsPath;
    const text = document.getText();
    const { line, character: column } = editor.selection.active;
    const find = (labels: readonly LabelSummary[]) => {
      const path = labels.find(({ source }) => source !== undefined && normalize(source.file) === normalize(file));
      return path?.source === undefined ? -1 : labelAt(labels, path.source.file, text, { line, column });
    };
    const showing = this.lenses
      .showingLabelsOf(file)
      .find(panel => panel.state.kind === 'ready' && find(panel.state.analysis.labels) >= 0);
    if (showing !== undefined) {
      showing.showTarget({ find });
      showing.reveal();
      return;
    }
    if (document.uri.scheme !== 'file') throw noImage(file);
    const image = (await this.imageAt(document, editor.selection.active)) ?? imageOfLabelFile(file);
    if (image === undefined) throw noImage(file);
    const panel = this.lenses.open(vscode.Uri.file(image));
    panel.showTarget({ find });
    if (panel.state.kind !== 'ready') await this.analyze([panel]);
  }
}

function noImage(file: string): UserError {
  return new UserError(vscode.l10n.t('there is no label of an image at the cursor'), {
    where: file,
    remedy: vscode.l10n.t('put the cursor into a label whose image exists'),
  });
}

/** A page's word is not trusted: only files of this machine that are named as images. */
function imageUri(text: string): vscode.Uri | undefined {
  try {
    const uri = vscode.Uri.parse(text, true);
    return uri.scheme === 'file' && isImageFile(uri.path) ? uri : undefined;
  } catch {
    return undefined;
  }
}
