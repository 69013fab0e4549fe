import * as vscode from 'vscode';
import type { XywhBox } from '../../common/boxes';
import type { PlacedCrop } from '../../protocol/messages';
import type { GalleryRow } from '../../protocol/galleryStore';
import type { Engine } from '../engine';
import type { ChosenDataset } from '../explorer/currentDataset';
import type { ModelPicker } from '../modelPicker';
import { readSettings } from '../settings';
import { shownBox } from './galleryItems';
import { labelsPathOf } from './writtenLabel';

export interface CropOptions {
  /** Bound on the picture's sides, pixels. */
  readonly size: number;
  /** Lays the focal loss over; the image is analyzed for it. Without a model the picture stays plain. */
  readonly heat: boolean;
  /** Another one once labels or model may be others. */
  readonly version: string;
  readonly signal: AbortSignal;
}

/** Pictures of rows. The page draws the boxes itself. */
export class GalleryCrops {
  constructor(
    private readonly engine: Pick<Engine, 'client'>,
    private readonly models: Pick<ModelPicker, 'current'>,
  ) {}

  /** @throws UserError for an image that cannot be read or analyzed, CancelledError */
  crop(dataset: ChosenDataset, content: GalleryRow, options: CropOptions): Promise<PlacedCrop> {
    const { image } = content.row;
    const { size, heat, version, signal } = options;
    const uri = vscode.Uri.file(image);
    const { maxPixels, modelCard, runtime, bands } = readSettings(uri);
    const box: XywhBox = shownBox(content);
    const plain = { image, maxPixels, box, bounds: { width: size, height: size }, outlines: [] };
    const checkpoint = heat && vscode.workspace.isTrusted ? this.models.current(uri) : undefined;
    const { client } = this.engine;
    if (checkpoint === undefined) return client.request('cropImage', plain, { signal });
    const labels = labelsPathOf(dataset, image);
    const model = { checkpoint, runtime, ...(modelCard === undefined ? {} : { card: modelCard }) };
    const request = { ...plain, model, bands, version, ...(labels === undefined ? {} : { labels }) };
    return client.request('analyzedCrop', request, { signal });
  }
}
