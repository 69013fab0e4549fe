import { readLayout } from '../architecture/readLayout';
import type {
  BlockLayout,
  BodyLayout,
  HeadBranchLayout,
  PyramidLayout,
  TopLayout,
} from '../architecture/retinaNetLayout';
import type { Architecture, Checkpoint, Network } from '../types';
import { NetworkBuilder } from './networkBuilder';

const inputName = 'image';

/**
 * Reads the weights tensor by tensor and states the network over the neutral operations, batch norm folded. Follows
 * `torchvision/models/resnet.py`, `ops/feature_pyramid_network.py` and `models/detection/retinanet.py`.
 *
 * Convolutions of the head are shared: the nodes of all levels hold the same weight arrays.
 *
 * @param architecture what {@link inferArchitecture} says about this checkpoint
 * @param options.batchNormEps eps of every batch norm; 1e-5, or 0 for torchvision's COCO_V1 weights
 * @throws UserError naming the tensor that holds NaN or infinite values
 */
export async function buildNetwork(
  checkpoint: Checkpoint,
  architecture: Architecture,
  options: { batchNormEps: number },
): Promise<Network> {
  const layout = readLayout(checkpoint);
  const builder = new NetworkBuilder(checkpoint, options.batchNormEps);
  const stages = await buildBody(builder, layout.body);
  const levels = await buildPyramid(builder, layout.pyramid, stages);
  const logits = await buildBranch(builder, layout.classification, levels, 'logits');
  const deltas = await buildBranch(builder, layout.regression, levels, 'deltas');
  const outputs = architecture.levels.map((level, index) => ({
    level,
    logits: named(logits, index),
    deltas: named(deltas, index),
  }));
  const { classes, anchorsPerCell } = layout;
  return { input: inputName, nodes: builder.nodes, outputs, classes, anchorsPerCell };
}

/** The outputs of the ResNet's four stages, C2 to C5. */
async function buildBody(builder: NetworkBuilder, body: BodyLayout): Promise<string[]> {
  const stem = await builder.conv(body.stem, inputName, 'stem', true);
  let value = builder.maxPool(stem, 'stem.pool', 3, 2, 1);
  const stages: string[] = [];
  for (const [stage, blocks] of body.stages.entries()) {
    for (const [index, block] of blocks.entries()) {
      value = await buildBlock(builder, block, value, `layer${stage + 1}.${index}`);
    }
    stages.push(value);
  }
  return stages;
}

async function buildBlock(builder: NetworkBuilder, block: BlockLayout, input: string, name: string): Promise<string> {
  let value = input;
  for (const [index, conv] of block.convs.entries()) {
    const last = index === block.convs.length - 1;
    value = await builder.conv(conv, value, `${name}.conv${index + 1}`, !last);
  }
  const shortcut = block.downsample ? await builder.conv(block.downsample, input, `${name}.downsample`, false) : input;
  return builder.add([value, shortcut], name, true);
}

/** The pyramid's outputs, finest first. */
async function buildPyramid(builder: NetworkBuilder, pyramid: PyramidLayout, stages: string[]): Promise<string[]> {
  const levels: string[] = [];
  let coarser: string | undefined;
  for (const { stage, inner, layer } of [...pyramid.laterals].reverse()) {
    const level = `P${stage + 2}`;
    const lateral = await builder.conv(inner, named(stages, stage), `${level}.lateral`, false);
    coarser =
      coarser === undefined
        ? lateral
        : builder.add([lateral, builder.upsample(coarser, lateral, `${level}.topDown`)], `${level}.merged`, false);
    levels.unshift(await builder.conv(layer, coarser, level, false));
  }
  return [...levels, ...(await buildTop(builder, pyramid.top, named(stages, -1), named(levels, -1)))];
}

async function buildTop(builder: NetworkBuilder, top: TopLayout, c5: string, p5: string): Promise<string[]> {
  if (top.kind === 'maxPool') return [builder.maxPool(p5, 'P6', 1, 2, 0)];
  const p6 = await builder.conv(top.p6, top.from === 'p5' ? p5 : c5, 'P6', false);
  const p7 = await builder.conv(top.p7, builder.relu(p6, 'P6.relu'), 'P7', false);
  return [p6, p7];
}

/** One branch of the head on every level, with shared weights. */
async function buildBranch(
  builder: NetworkBuilder,
  branch: HeadBranchLayout,
  levels: readonly string[],
  name: string,
): Promise<string[]> {
  let values = levels;
  const apply = async (conv: HeadBranchLayout['output'], suffix: string, relu: boolean): Promise<void> => {
    const loaded = await builder.load(conv);
    values = values.map((value, index) => builder.apply(loaded, value, `${named(levels, index)}.${suffix}`, relu));
  };
  for (const [index, conv] of branch.convs.entries()) await apply(conv, `${name}.conv${index + 1}`, true);
  await apply(branch.output, name, false);
  return [...values];
}

function named(values: readonly string[], index: number): string {
  const value = values.at(index);
  if (value === undefined) throw new Error(`The network has no value ${index} of ${values.length}.`);
  return value;
}
