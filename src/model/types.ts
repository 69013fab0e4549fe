/** Contracts between the parts of `model`: checkpoint, configuration, network, runtime. */

/** Element types by their safetensors names. */
export type TensorDtype =
  | 'F64'
  | 'F32'
  | 'F16'
  | 'BF16'
  | 'F8_E4M3'
  | 'F8_E5M2'
  | 'C128'
  | 'C64'
  | 'I64'
  | 'I32'
  | 'I16'
  | 'I8'
  | 'U64'
  | 'U32'
  | 'U16'
  | 'U8'
  | 'BOOL';

export interface TensorInfo {
  readonly name: string;
  readonly dtype: TensorDtype;
  readonly shape: readonly number[];
}

/** An opened checkpoint: names and shapes at once, values tensor by tensor. */
export interface Checkpoint {
  readonly file: string;
  /** Names after prefixes such as `module.` are removed. */
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /** What was decided on the user's behalf while opening, to be shown: which of several state dicts, odd prefixes. */
  readonly notes: readonly string[];
  /** Values of a floating-point tensor as a fresh float32 array, in row-major order. Throws a UserError naming file and tensor. */
  read(name: string): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Everything about the network that the tensors' names and shapes tell. */
export interface Architecture {
  /** Such as `RetinaNet ResNet-50 FPN v1`. */
  readonly name: string;
  readonly block: 'basic' | 'bottleneck';
  /** Blocks per stage, four numbers. */
  readonly blocks: readonly number[];
  readonly fpnChannels: number;
  /** Level names, finest first: P3..P7 unless the checkpoint's pyramid differs. */
  readonly levels: readonly string[];
  /** Input of the level above P5: a convolution on C5 or P5, or torchvision's `LastLevelMaxPool`, which then is the last level. */
  readonly p6From: 'c5' | 'p5' | 'maxPool';
  readonly headDepth: number;
  readonly headNorm: 'none' | 'batch' | 'group';
  /** Class columns, the background column included. */
  readonly classes: number;
  readonly anchorsPerCell: number;
  /** As torch's `sum(p.numel() for p in model.parameters())`: buffers, among them all of FrozenBatchNorm, do not count. */
  readonly parameters: number;
  /** True for torchvision's own COCO_V1 weights, whose batch-norm eps is 0. */
  readonly torchvisionCocoV1: boolean;
}

export interface FocalParameters {
  readonly gamma: number;
  /** Weight of foreground terms; negative means none. */
  readonly alpha: number;
}

/** The model card with torchvision's defaults filled in. */
export interface ModelConfig {
  /** Names by class column, length = architecture.classes. */
  readonly classes: readonly string[];
  /** Whether the card named the classes; otherwise `classes` holds `class 1`, `class 2`, ... */
  readonly classesNamed: boolean;
  /** Data-set category id by class column, if the card states them. */
  readonly categoryIds: readonly (number | null)[] | undefined;
  /** Categories of data sets that the card assigns by name, whatever else is known: name and class column, -1 for none. */
  readonly categoryColumns?: readonly (readonly [category: string, column: number])[] | undefined;
  readonly minSize: number;
  readonly maxSize: number;
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
  /** Per level, P3 first. */
  readonly anchorSizes: readonly (readonly number[])[];
  readonly aspectRatios: readonly (readonly number[])[];
  readonly batchNormEps: number;
  readonly fgIou: number;
  readonly bgIou: number;
  readonly allowLowQualityMatches: boolean;
  readonly focal: FocalParameters;
  readonly boxLoss: 'l1' | 'smooth_l1' | 'giou';
  readonly boxLossBeta: number;
  readonly scoreThreshold: number;
  readonly nmsThreshold: number;
  readonly detectionsPerImage: number;
  readonly topkPerLevel: number;
}

/** Weights of one operation, batch norm already folded. Row-major, shapes as in torch. */
export type NetworkNode =
  | {
      readonly op: 'conv';
      readonly output: string;
      readonly input: string;
      /** [out, in / groups, kernel height, kernel width] */
      readonly weightShape: readonly [number, number, number, number];
      readonly weight: Float32Array;
      /** [out] */
      readonly bias: Float32Array;
      readonly stride: number;
      readonly padding: number;
      readonly groups: number;
      readonly relu: boolean;
    }
  | { readonly op: 'relu'; readonly output: string; readonly input: string }
  | { readonly op: 'add'; readonly output: string; readonly inputs: readonly [string, string]; readonly relu: boolean }
  | {
      readonly op: 'maxPool';
      readonly output: string;
      readonly input: string;
      readonly kernel: number;
      readonly stride: number;
      readonly padding: number;
    }
  /** Nearest-neighbour upsampling of `input` to the height and width of `like`. */
  | { readonly op: 'upsample'; readonly output: string; readonly input: string; readonly like: string }
  | {
      readonly op: 'groupNorm';
      readonly output: string;
      readonly input: string;
      readonly groups: number;
      readonly scale: Float32Array;
      readonly bias: Float32Array;
      readonly epsilon: number;
      readonly relu: boolean;
    };

/** RetinaNet as a list of operations in topological order, over NCHW float32 with batch 1 and 3 input channels. */
export interface Network {
  readonly input: string;
  readonly nodes: readonly NetworkNode[];
  /** Per level, P3 first: head outputs of shape [1, A * K, h, w] and [1, A * 4, h, w]. */
  readonly outputs: readonly { readonly level: string; readonly logits: string; readonly deltas: string }[];
  readonly classes: number;
  readonly anchorsPerCell: number;
}

/** Head outputs of one image, anchors in (level, y, x, anchor) order. */
export interface ForwardResult {
  /** Row-major [anchors, classes]. */
  readonly logits: Float32Array;
  /** Row-major [anchors, 4]: dx, dy, dw, dh. */
  readonly deltas: Float32Array;
  readonly grids: readonly (readonly [height: number, width: number])[];
}

/** A network loaded on one provider. */
export interface RuntimeSession {
  /** Such as `ONNX Runtime`. */
  readonly runtime: string;
  /** Such as `CPU` or `WebGPU`. */
  readonly provider: string;
  /** @param input CHW float32, 3 * height * width; height and width multiples of 32 */
  run(input: Float32Array, height: number, width: number, signal?: AbortSignal): Promise<ForwardResult>;
  dispose(): Promise<void>;
}

/** An image resized, normalised and padded for the network, as torchvision's GeneralizedRCNNTransform does. */
export interface PreparedImage extends PreparedGeometry {
  /** CHW float32 [3, paddedHeight, paddedWidth]. */
  readonly data: Float32Array;
}

/** Sizes of a prepared image, pixels. */
export interface PreparedGeometry {
  readonly width: number;
  readonly height: number;
  readonly paddedWidth: number;
  readonly paddedHeight: number;
  /** Output over input size, per axis. */
  readonly scaleX: number;
  readonly scaleY: number;
}

/** RGB8 pixels as stored, row-major HWC. */
export interface DecodedImage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** What the decoder found wrong with data of which it gave pixels all the same, in its words. */
  readonly damage?: string;
}

/** All anchors of one input, network input pixels. */
export interface Anchors {
  /** x1, y1, x2, y2 per anchor, (level, y, x, anchor) order. */
  readonly boxes: Float32Array;
  readonly count: number;
  readonly levels: readonly AnchorLevel[];
}

export interface AnchorLevel {
  readonly name: string;
  readonly stride: readonly [y: number, x: number];
  readonly grid: readonly [height: number, width: number];
  readonly offset: number;
  readonly count: number;
  /** x1, y1, x2, y2 around the centre, rounded half to even; 4 per base anchor. */
  readonly baseAnchors: Float32Array;
  readonly sizes: readonly number[];
  readonly ratios: readonly number[];
}

/** Detections after per-class non-maximum suppression, by descending score; original image pixels. */
export interface Detections {
  readonly count: number;
  /** x1, y1, x2, y2 */
  readonly boxes: Float32Array;
  readonly scores: Float32Array;
  readonly columns: Int32Array;
  /** Index of the anchor each came from. */
  readonly anchors: Int32Array;
}
