import { UserError } from '../../common/errors';
import { type PickleValue, typeName } from './pickle/values';
import { TorchTensor } from './torchValues';

/** A dict of tensors within a checkpoint. */
interface Candidate {
  /** Keys that lead to it; empty for the checkpoint itself. */
  readonly path: readonly string[];
  readonly tensors: ReadonlyMap<string, TorchTensor>;
}

export interface StateDict {
  readonly tensors: ReadonlyMap<string, TorchTensor>;
  readonly notes: readonly string[];
}

const maxDepth = 4;
const maxVisited = 10_000;

/**
 * Where training code keeps the weights, best first. The weights being trained come before their moving average:
 * the loss shown is then the one the optimiser saw.
 */
const usualKeys = ['model', 'state_dict', 'model_state_dict', 'module', 'net', 'network', 'weights', 'params', 'ema'];

/**
 * Finds the state dict in what torch.save wrote: the value itself or one nested under `model`, `state_dict`,
 * `model_state_dict`, `ema` or any other key, optimizer states aside. When there are several, a note names them.
 * @throws UserError when there is none
 */
export function findStateDict(file: string, root: PickleValue): StateDict {
  if (!(root instanceof Map)) {
    throw new UserError(`it holds a ${typeName(root)}; expected a dict of tensors`, { where: file, remedy });
  }
  const candidates = findCandidates(root).sort((a, b) => compareRanks(rank(a), rank(b)));
  const [best, ...others] = candidates;
  if (!best) {
    const keys = [...root.keys()].slice(0, 8).map(key => (typeof key === 'string' ? key.slice(0, 60) : typeName(key)));
    throw new UserError(
      `no state dict was found in it: ${keys.length > 0 ? `its keys are ${keys.join(', ')}` : 'it is empty'}`,
      { where: file, remedy },
    );
  }
  const rivals = others.filter(other => isModel(other) && other.tensors.size * 2 > best.tensors.size);
  const notes =
    rivals.length === 0
      ? []
      : [
          `The checkpoint holds several sets of weights: ${describe(best)} is used, ${rivals.slice(0, 5).map(describe).join(', ')} ignored.`,
        ];
  return { tensors: best.tensors, notes };
}

const remedy = "save the weights with torch.save(model.state_dict(), 'model.pth')";

function findCandidates(root: Map<PickleValue, PickleValue>): Candidate[] {
  const candidates: Candidate[] = [];
  const seen = new Set<PickleValue>();
  let level: { path: readonly string[]; dict: Map<PickleValue, PickleValue> }[] = [{ path: [], dict: root }];
  for (let depth = 0; depth <= maxDepth; depth++) {
    const next: typeof level = [];
    for (const { path, dict } of level) {
      if (seen.has(dict) || seen.size >= maxVisited) continue;
      seen.add(dict);
      const tensors = new Map<string, TorchTensor>();
      for (const [key, value] of dict) {
        if (typeof key !== 'string') continue;
        if (value instanceof TorchTensor) tensors.set(key, value);
        else if (value instanceof Map && !/optim|sched|scaler/i.test(key))
          next.push({ path: [...path, key], dict: value });
      }
      if (tensors.size > 0) candidates.push({ path, tensors });
    }
    level = next;
  }
  return candidates;
}

/** Parameters of modules have dotted names; a stray tensor such as an `ema_decay` does not. */
function isModel({ tensors }: Candidate): boolean {
  for (const name of tensors.keys()) if (name.includes('.')) return true;
  return false;
}

function isRetinaNet({ tensors }: Candidate): boolean {
  for (const name of tensors.keys()) if (name.endsWith('head.classification_head.cls_logits.weight')) return true;
  return false;
}

/** Smaller is better, the first difference decides. */
function rank(candidate: Candidate): number[] {
  const { path, tensors } = candidate;
  const usual = path.map(key => usualKeys.indexOf(key)).find(index => index >= 0) ?? usualKeys.length;
  return [
    isRetinaNet(candidate) ? 0 : 1,
    isModel(candidate) ? 0 : 1,
    path.length === 0 ? 0 : 1,
    // Anything that calls itself an average comes after the weights themselves.
    path.some(key => /ema|averag|swa|teacher/i.test(key)) ? 1 : 0,
    usual,
    path.length,
    -tensors.size,
  ];
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((value, i) => value !== b[i]);
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}

function describe({ path }: Candidate): string {
  return path.length === 0 ? 'the top level' : path.map(key => key.slice(0, 60)).join('.');
}
