/**
 * `focalLens.runtime` and `--runtime`: what runs the network. `auto` checks the GPU against the CPU; `tensorflow` and
 * `wasm` are TensorFlow.js, the others execution providers of ONNX Runtime.
 */
export const runtimeChoices = ['auto', 'cpu', 'webgpu', 'cuda', 'directml', 'coreml', 'tensorflow', 'wasm'] as const;
export type RuntimeChoice = (typeof runtimeChoices)[number];

/** One of the ways to run a network that `auto` decides between. */
export type ProviderChoice = Exclude<RuntimeChoice, 'auto'>;

/** Those of ONNX Runtime that need a GPU. */
export const gpuChoices = ['webgpu', 'cuda', 'directml', 'coreml'] as const satisfies readonly ProviderChoice[];
