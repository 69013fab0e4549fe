import * as vscode from 'vscode';
import { CancelledError, messageOf } from '../../common/errors';
import type { XywhBox } from '../../common/boxes';
import type { AnalyzedCropRequest, CropRequest, ImageCrop } from '../../protocol/messages';
import { readSettings } from '../settings';
import type { CropSource } from './hoverPictures';
import { issuesOf, type ImageFacts } from './labelFacts';
import type { LabelFileHost } from './labelFileHost';

/** Pixels drawn: twice those shown, for dense screens. */
const bounds = { width: 720, height: 240 };
const maxCached = 64;
/** A hover does not wait longer for its picture. */
const patience = 3000;

/** The colors that the lens has by default: a picture cannot follow the theme. */
const colors = { label: '#46d0ff', detection: '#ffffff', suggestion: '#fff27a' };

/** An image with the index of one of its labels. */
export interface PicturedLabel {
  readonly image: ImageFacts;
  readonly index: number;
}

/** Small pictures of labels with their focal loss, made by the engine. */
export class LabelCrops implements CropSource<PicturedLabel> {
  private readonly cached = new Map<string, ImageCrop>();

  constructor(private readonly host: Pick<LabelFileHost, 'engine' | 'log' | 'checkpoint' | 'isRunning'>) {}

  isBusy(): boolean {
    return this.host.isRunning();
  }

  /** Undefined also where there is no picture in time: a hover does without. */
  async plain(label: PicturedLabel): Promise<ImageCrop | undefined> {
    const { engine } = this.host;
    const { analysisId } = label.image;
    const heated = this.cached.get(heatKeyOf(label));
    if (heated !== undefined) return heated;
    const request = { ...cropRequest(label), ...(analysisId === undefined ? {} : { analysis: analysisId }) };
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), patience);
    try {
      return await this.made(keyOf(label, analysisId ?? '', engine.generation), label, () =>
        engine.client.request('cropImage', request, { signal: abort.signal }),
      );
    } finally {
      clearTimeout(timer);
    }
  }

  /** Starts no engine, and loads no model in it. */
  async heated(label: PicturedLabel, signal: AbortSignal): Promise<ImageCrop | undefined> {
    const { engine } = this.host;
    const { image, labelFile, model: checkpoint } = label.image;
    const uri = vscode.Uri.file(image.file);
    if (engine.pid === undefined || this.host.checkpoint(uri) !== checkpoint) return undefined;
    const { labels: named, modelCard, runtime, bands } = readSettings(uri);
    const labels = labelFile.format === 'coco' ? labelFile.files[0] : named;
    const request: AnalyzedCropRequest = {
      ...cropRequest(label),
      model: { checkpoint, runtime, ...(modelCard === undefined ? {} : { card: modelCard }) },
      ...(labels === undefined ? {} : { labels }),
      bands,
      version: versionOf(label),
      onlyLoaded: true,
    };
    return this.made(heatKeyOf(label), label, () => engine.client.request('analyzedCrop', request, { signal }));
  }

  private async made(key: string, { image }: PicturedLabel, make: () => Promise<ImageCrop>) {
    const known = this.cached.get(key);
    if (known !== undefined) return known;
    try {
      const crop = await make();
      // One that is plain may come with its heatmap the next time.
      if (crop.heat) this.keep(key, crop);
      return crop;
    } catch (error) {
      if (!(error instanceof CancelledError)) this.host.log.warn(`No crop of ${image.image.file}: ${messageOf(error)}`);
      return undefined;
    }
  }

  private keep(key: string, crop: ImageCrop): void {
    this.cached.set(key, crop);
    for (const oldest of this.cached.keys()) {
      if (this.cached.size <= maxCached) break;
      this.cached.delete(oldest);
    }
  }
}

function keyOf({ image, index }: PicturedLabel, ...versions: readonly (string | number)[]): string {
  return [...versions, ...image.labels[index].bbox, index, image.image.file].join(' ');
}

/** Another one with another picture, other labels or another card: the image has another loss then. */
function versionOf({ image }: PicturedLabel): string {
  return `${image.classification} of ${image.labels.length}`;
}

/** Of a crop for which the image is analyzed. */
function heatKeyOf(label: PicturedLabel): string {
  return keyOf(label, label.image.model, versionOf(label));
}

function cropRequest({ image, index }: PicturedLabel): Omit<CropRequest, 'analysis'> {
  const { file } = image.image;
  const { maxPixels } = readSettings(vscode.Uri.file(file));
  return { image: file, maxPixels, box: image.labels[index].bbox, bounds, outlines: outlinesOf(image, index) };
}

/** The detection that fits best, what is suggested, and the label on top. */
function outlinesOf(image: ImageFacts, index: number): CropRequest['outlines'] {
  const label = image.labels[index];
  const outline = (bbox: XywhBox, color: string, dashed: boolean) => ({ bbox, color, dashed });
  const best = label.bestAnyDetection;
  const detection = best === null ? undefined : image.detections[best.detection]?.bbox;
  const suggested = issuesOf(image, label).flatMap(({ suggestedBbox }) =>
    suggestedBbox === null ? [] : [suggestedBbox],
  );
  return [
    ...(detection === undefined ? [] : [outline(detection, colors.detection, true)]),
    ...suggested.map(bbox => outline(bbox, colors.suggestion, true)),
    outline(label.bbox, colors.label, false),
  ];
}
