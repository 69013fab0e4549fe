/** Where each part of a RetinaNet lies in a checkpoint: tensor names, shapes and the geometry that the shapes imply. */

export type ConvShape = readonly [out: number, inPerGroup: number, kernelHeight: number, kernelWidth: number];

/** The normalisation after a convolution, named by its prefix: `prefix.weight`, `prefix.bias`, ... */
export interface NormLayout {
  readonly kind: 'batch' | 'group';
  readonly prefix: string;
}

export interface ConvLayout {
  readonly weight: string;
  readonly shape: ConvShape;
  /** Undefined where the convolution has none, as before a normalisation. */
  readonly bias: string | undefined;
  readonly stride: number;
  readonly padding: number;
  readonly groups: number;
  readonly norm: NormLayout | undefined;
}

/** One residual block: its convolutions in order and the projection of the shortcut, if it has one. */
export interface BlockLayout {
  readonly convs: readonly ConvLayout[];
  readonly downsample: ConvLayout | undefined;
}

export interface BodyLayout {
  readonly block: 'basic' | 'bottleneck';
  readonly stem: ConvLayout;
  /** Four stages, `layer1` to `layer4`. */
  readonly stages: readonly (readonly BlockLayout[])[];
  /** Output channels of each stage. */
  readonly stageChannels: readonly number[];
  /** No block counts its batches: torchvision's FrozenBatchNorm2d. */
  readonly frozenNorm: boolean;
}

export interface PyramidLayout {
  readonly channels: number;
  /** Finest first; `stage` indexes {@link BodyLayout.stages}. */
  readonly laterals: readonly { readonly stage: number; readonly inner: ConvLayout; readonly layer: ConvLayout }[];
  readonly top: TopLayout;
  readonly levels: readonly string[];
  /** `inner_blocks.0.weight`, the keys before torchvision 0.13, instead of `inner_blocks.0.0.weight`. */
  readonly oldKeys: boolean;
}

/** What stands on top of the pyramid: torchvision's LastLevelP6P7 or LastLevelMaxPool. */
export type TopLayout =
  | { readonly kind: 'convs'; readonly from: 'c5' | 'p5'; readonly p6: ConvLayout; readonly p7: ConvLayout }
  | { readonly kind: 'maxPool' };

export interface HeadBranchLayout {
  readonly convs: readonly ConvLayout[];
  readonly output: ConvLayout;
  /** `conv.0.weight`, the keys before torchvision 0.13, instead of `conv.0.0.weight`. */
  readonly oldKeys: boolean;
}

export interface RetinaNetLayout {
  readonly body: BodyLayout;
  readonly pyramid: PyramidLayout;
  readonly classification: HeadBranchLayout;
  readonly regression: HeadBranchLayout;
  readonly classes: number;
  readonly anchorsPerCell: number;
}
