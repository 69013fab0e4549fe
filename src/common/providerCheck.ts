import type { ProviderChoice } from './runtimeChoice';

/** What became of one provider when a model was loaded. */
export interface ProviderCheck {
  readonly choice: ProviderChoice;
  /** Such as `ONNX Runtime`. */
  readonly runtime: string;
  /** Such as `WebGPU`. */
  readonly provider: string;
  /** Names of the hardware it runs on, where the system tells. */
  readonly devices: readonly string[];
  /** `reference`: the CPU, beside a GPU that was chosen. `refused`: it runs, but wrongly or too slowly. */
  readonly outcome: 'chosen' | 'reference' | 'refused' | 'failed' | 'skipped';
  /** Why, as a sentence without its full stop. */
  readonly reason: string;
  /** Largest difference of logits and deltas to the CPU's on a fixed input, relative to their scale above 1. */
  readonly difference: number | undefined;
  /** Time of one forward pass on a fixed input. */
  readonly timing: PassTiming | undefined;
}

/** Time of a forward pass on an input of this size, pixels with padding. */
export interface PassTiming {
  readonly height: number;
  readonly width: number;
  readonly milliseconds: number;
}
