/** The steps from an image file to its analysis. */
import { UserError } from '../common/errors';
import type { AnalyzeInput } from '../analysis/analyze';
import { analyze, type AnalysisPart } from '../analysis/analyze';
import { generateAnchors } from '../model/anchors';
import type { ImageFile } from '../model/image/imageFile';
import { prepareImage } from '../model/image/prepareImage';
import type { ModelConfig, PreparedImage } from '../model/types';
import { lazyNative } from './lazyNative';
import type { LoadedModel } from './modelStore';
import { ThreadStoppedError } from './threads/thread';

export interface ImageSize {
  /** Pixels as stored. */
  readonly width: number;
  readonly height: number;
  /** See `DecodedImage`. */
  readonly damage?: string;
}

/** Reads an image's bytes and header; whatever is wrong with them shows here, before a model is loaded. */
export async function readImage(file: string, maxPixels: number): Promise<ImageFile> {
  const { readImageFile } = await lazyNative('the image decoder', () => import('../model/image/imageFile'));
  return readImageFile(file, { maxPixels });
}

/** Decodes an image that has been read, and makes the network's input of it. */
export async function decodeAndPrepare(
  image: ImageFile,
  maxPixels: number,
  config: ModelConfig,
  onDecoded?: () => void,
): Promise<{ prepared: PreparedImage; size: ImageSize }> {
  const { decodePixels } = await lazyNative('the image decoder', () => import('../model/image/decodeImage'));
  const decoded = await decodePixels(image, { maxPixels });
  onDecoded?.();
  const { width, height, damage } = decoded;
  return {
    prepared: prepareImage(decoded, config),
    size: { width, height, ...(damage === undefined ? {} : { damage }) },
  };
}

/** Everything that follows from a forward pass and labels. */
export function analyseForward(
  input: Omit<AnalyzeInput, 'anchors' | 'detections' | 'decoded' | 'config'>,
  { config, levels }: Pick<LoadedModel, 'config' | 'levels'>,
): AnalysisPart {
  const { forward, prepared } = input;
  const anchors = generateAnchors(prepared.paddedHeight, prepared.paddedWidth, forward.grids, config, levels);
  return analyze({ ...input, config, anchors });
}

/**
 * Runs `task` and sees to it that an error the user can act on names the image, where it names no place itself. The death
 * of a thread says nothing of the image.
 */
export async function aboutImage<T>(file: string, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    const isOfImage = error instanceof UserError && !(error instanceof ThreadStoppedError);
    if (!isOfImage || error.where !== undefined) throw error;
    throw new UserError(error.what, {
      where: file,
      ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
      cause: error,
    });
  }
}
