import type { ForwardResult, Network } from '../types';
import { inferShapes } from './inferShapes';

/** Height and width of every level's grid for one input size, in the order of the network's outputs. */
export function levelGrids(network: Network, height: number, width: number): ForwardResult['grids'] {
  const shapes = inferShapes(network, height, width);
  return network.outputs.map(({ level, logits }) => {
    const shape = shapes.get(logits);
    if (shape === undefined) throw new Error(`The network has no output for level ${level}.`);
    return [shape[1], shape[2]] as const;
  });
}
