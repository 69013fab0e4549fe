import type { BodyLayout } from './retinaNetLayout';

const depths: ReadonlyMap<string, string> = new Map([
  ['basic 2,2,2,2', '18'],
  ['basic 3,4,6,3', '34'],
  ['bottleneck 3,4,6,3', '50'],
  ['bottleneck 3,4,23,3', '101'],
  ['bottleneck 3,8,36,3', '152'],
]);

/** The backbone's usual name, such as `ResNet-50`, `Wide ResNet-50-2` or `ResNeXt-50 32x4d`. */
export function backboneName({ block, stem, stages, stageChannels }: BodyLayout): string {
  const blocks = stages.map(stage => stage.length);
  const depth = depths.get(`${block} ${blocks.join(',')}`) ?? `[${blocks.join(', ')}]`;
  const narrow = stem.shape[0] === 64 ? '' : ` (${stem.shape[0]} wide)`;
  const inner = stages[0][0].convs[1];
  if (block === 'basic') return `ResNet-${depth}${narrow}`;
  const [width] = inner.shape;
  if (inner.groups > 1) return `ResNeXt-${depth} ${inner.groups}x${width / inner.groups}d${narrow}`;
  const widening = (width * 4) / stageChannels[0];
  return widening === 1 ? `ResNet-${depth}${narrow}` : `Wide ResNet-${depth}-${widening}${narrow}`;
}
