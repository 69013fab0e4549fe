/** `focalLens.runtime` and `--runtime`: which execution provider runs the network; `auto` checks the GPU against the CPU. */
export const runtimeChoices = ['auto', 'cpu', 'webgpu', 'cuda', 'directml', 'coreml'] as const;
export type RuntimeChoice = (typeof runtimeChoices)[number];
