import type { NetworkGeometry } from '../../network/networkGeometry';
import { inferShapes, levelGrids } from '../../network/networkGeometry';
import type { ForwardResult, Network } from '../../types';

/** Where the values of one output go: into the rows from `anchor` on. */
export interface OutputPlace {
  readonly kind: 'logits' | 'deltas';
  readonly anchor: number;
}

/** What a forward pass over one input size needs to know beforehand. */
export interface ForwardPlan {
  readonly grids: ForwardResult['grids'];
  readonly anchors: number;
  /** By the name of the value. */
  readonly outputs: ReadonlyMap<string, OutputPlace>;
  /** Bytes of the values that are alive at the same time, at most. */
  readonly peakBytes: number;
}

/**
 * @param lastUses of {@link lastUsesOf}
 * @throws Error where an operation has no output for this size: kernels would compute something all the same
 */
export function planForward(
  geometry: NetworkGeometry,
  { anchorsPerCell }: Pick<Network, 'anchorsPerCell'>,
  lastUses: readonly (readonly string[])[],
  height: number,
  width: number,
): ForwardPlan {
  const grids = levelGrids(geometry, height, width);
  const outputs = new Map<string, OutputPlace>();
  let anchors = 0;
  for (const [level, { logits, deltas }] of geometry.outputs.entries()) {
    outputs.set(logits, { kind: 'logits', anchor: anchors });
    outputs.set(deltas, { kind: 'deltas', anchor: anchors });
    anchors += grids[level][0] * grids[level][1] * anchorsPerCell;
  }
  return { grids, anchors, outputs, peakBytes: peakBytes(geometry, lastUses, height, width) };
}

/** Per node, the values that are needed no more once it is computed. */
export function lastUsesOf(nodes: NetworkGeometry['nodes']): string[][] {
  const last = new Map<string, number>();
  for (const [index, node] of nodes.entries()) {
    for (const name of [...inputsOf(node), node.output]) last.set(name, index);
  }
  const names: string[][] = nodes.map(() => []);
  for (const [name, index] of last) names[index].push(name);
  return names;
}

function inputsOf(node: NetworkGeometry['nodes'][number]): readonly string[] {
  switch (node.op) {
    case 'add':
      return node.inputs;
    case 'upsample':
      return [node.input, node.like];
    default:
      return [node.input];
  }
}

function peakBytes(
  geometry: NetworkGeometry,
  lastUses: readonly (readonly string[])[],
  height: number,
  width: number,
): number {
  const shapes = inferShapes(geometry, height, width);
  for (const [name, shape] of shapes) {
    if (shape.some(size => size < 1)) throw new Error(`nothing is left of the input at ${name}`);
  }
  const bytes = (name: string): number => (shapes.get(name) ?? []).reduce<number>((product, size) => product * size, 4);
  let alive = bytes(geometry.input);
  let peak = alive;
  for (const [index, { output }] of geometry.nodes.entries()) {
    alive += bytes(output);
    peak = Math.max(peak, alive);
    for (const name of lastUses[index]) alive -= bytes(name);
  }
  return peak;
}
