import { gpuChoices } from '../../common/runtimeChoice';
import type { RuntimeReport } from '../../protocol/messages';

/** What was tried in vain before the runtime that runs. */
export interface Fallback {
  /** The same for the same providers with the same outcomes. */
  readonly key: string;
  /** Of the last one, a sentence. */
  readonly reason: string;
}

/**
 * What the runtime `auto` fell back from: GPUs that were tried, or ONNX Runtime as a whole. A machine without a GPU is
 * none, nor is a GPU that another provider could use.
 */
export function fallbackOf({ checks }: RuntimeReport): Fallback | undefined {
  const gpus: readonly string[] = gpuChoices;
  const chosen = checks.find(({ outcome }) => outcome === 'chosen');
  if (chosen === undefined || gpus.includes(chosen.choice)) return undefined;
  const vain = checks.filter(({ outcome }) => outcome === 'refused' || outcome === 'failed');
  const last = vain.at(-1);
  return last && { key: vain.map(({ choice, outcome }) => `${choice} ${outcome}`).join(), reason: last.reason };
}
