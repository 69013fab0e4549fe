import type * as vscode from 'vscode';
import { CancelledError, messageOf } from '../../common/errors';
import type { XywhBox } from '../../common/boxes';
import type { CropRequest, ImageCrop } from '../../protocol/messages';
import type { Engine } from '../engine';
import { readSettings } from '../settings';
import { issuesOf, type ImageFacts } from './labelFacts';

/** Pixels drawn: twice those shown, for dense screens. */
const bounds = { width: 720, height: 240 };
const maxCached = 64;
/** A hover does not wait longer for its picture. */
const patience = 3000;

/** The colors that the lens has by default: a picture cannot follow the theme. */
const colors = { label: '#46d0ff', detection: '#ffffff', suggestion: '#fff27a' };

/** Small pictures of labels with their focal loss, made by the engine. */
export class LabelCrops {
  private readonly cached = new Map<string, ImageCrop>();

  constructor(
    private readonly engine: Engine,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** Undefined where there is no picture in time: a hover does without. */
  async cropOf(image: ImageFacts, index: number, uri: vscode.Uri): Promise<ImageCrop | undefined> {
    const { bbox } = image.labels[index];
    const key = [image.analysisId ?? '', this.engine.generation, ...bbox, index, image.image.file].join(' ');
    const known = this.cached.get(key);
    if (known !== undefined) return known;
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), patience);
    try {
      const { maxPixels } = readSettings(uri);
      const request: CropRequest = {
        image: image.image.file,
        maxPixels,
        ...(image.analysisId === undefined ? {} : { analysis: image.analysisId }),
        box: image.labels[index].bbox,
        bounds,
        outlines: outlinesOf(image, index),
      };
      const crop = await this.engine.client.request('cropImage', request, { signal: abort.signal });
      this.cached.set(key, crop);
      for (const oldest of this.cached.keys()) {
        if (this.cached.size <= maxCached) break;
        this.cached.delete(oldest);
      }
      return crop;
    } catch (error) {
      if (!(error instanceof CancelledError)) this.log.warn(`No crop of ${image.image.file}: ${messageOf(error)}`);
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }
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
