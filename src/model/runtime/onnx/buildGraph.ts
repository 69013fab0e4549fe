import type { Network } from '../../types';
import type { BuiltGraph } from './graphBuilder';
import { GraphBuilder, int, ints } from './graphBuilder';

/** Names of the graph's outputs. */
export const logitsName = 'logits';
export const deltasName = 'deltas';

/**
 * The network as an ONNX graph with free height and width. As in torchvision's heads, [1, A * K, h, w] becomes rows of K
 * values in (y, x, anchor) order and the levels follow each other: outputs are [anchors, K] and [anchors, 4].
 */
export function buildGraph(network: Network): BuiltGraph {
  const graph = new GraphBuilder();
  for (const node of network.nodes) graph.add(node);
  const { classes, anchorsPerCell } = network;
  const collect = (output: 'logits' | 'deltas', columns: number): void => {
    const cells = network.outputs.map(level =>
      cellRows(graph, level[output], `${output}.${level.level}`, anchorsPerCell * columns),
    );
    const all = cells.length === 1 ? cells[0] : graph.emit('Concat', cells, `${output}.cells`, { axis: int(0) });
    graph.emit('Reshape', [all, graph.constant([-1, columns])], output);
  };
  collect(logitsName, classes);
  collect(deltasName, 4);
  return graph.build(
    [{ name: network.input, shape: [1, 3, 'height', 'width'] }],
    [
      { name: logitsName, shape: ['anchors', classes] },
      { name: deltasName, shape: ['anchors', 4] },
    ],
  );
}

/** [1, channels, h, w] as [h * w, channels]. */
function cellRows(graph: GraphBuilder, value: string, name: string, channels: number): string {
  const planes = graph.emit('Reshape', [value, graph.constant([channels, -1])], `${name}.planes`);
  return graph.emit('Transpose', [planes], `${name}.cells`, { perm: ints([1, 0]) });
}
