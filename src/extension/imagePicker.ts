import * as vscode from 'vscode';
import { imageExtensions, isImageFile } from '../dataset/imageFiles';
import { imageOfLabelFile } from './imageOfLabelFile';
import { pickFile } from './workspaceFiles';

/**
 * The images a command means: what a menu passed, else the image or label file in the active tab, else what the user
 * picks. Empty when the user dismisses the question.
 */
export async function imagesFor(clicked: unknown, selected: unknown): Promise<vscode.Uri[]> {
  const passed = Array.isArray(selected) && selected.length > 0 ? (selected as unknown[]) : [clicked];
  const images = passed.filter(value => value instanceof vscode.Uri).filter(uri => isImageFile(uri.path));
  if (images.length > 0) return images;
  // An image with an ending of its own, asked for by name, is tried all the same: the decoder goes by content.
  if (clicked instanceof vscode.Uri) return [clicked];
  const active = activeImage();
  if (active) return [active];
  const picked = await pickFile({
    placeholder: vscode.l10n.t('Choose an image to analyze'),
    extensions: imageExtensions,
    filterName: vscode.l10n.t('Images'),
    limit: 5_000,
    order: 'name',
  });
  return picked ? [picked] : [];
}

/** The image in the active tab, whatever editor shows it, or the one that the label file in it describes. */
function activeImage(): vscode.Uri | undefined {
  const input: unknown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (!(input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText)) return undefined;
  const { uri } = input;
  if (isImageFile(uri.path)) return uri;
  const image = uri.scheme === 'file' ? imageOfLabelFile(uri.fsPath) : undefined;
  return image === undefined ? undefined : vscode.Uri.file(image);
}
