import type { ProviderChoice } from '../../common/runtimeChoice';

/** One way to run a network: an execution provider of ONNX Runtime, or a backend of TensorFlow.js. */
export interface Provider {
  readonly choice: ProviderChoice;
  readonly runtime: 'ONNX Runtime' | 'TensorFlow.js';
  /** The runtime's own name of it. */
  readonly name: string;
  readonly label: string;
  readonly gpu: boolean;
  readonly platforms: readonly NodeJS.Platform[];
  /** What the provider needs, said when it does not start. */
  readonly needs: string;
  /** Variables that the provider's libraries read when they are loaded. */
  readonly environment?: Readonly<Record<string, string>>;
}

const everywhere: readonly NodeJS.Platform[] = ['linux', 'win32', 'darwin'];

// TF32 would keep 10 bits of every factor: logits would differ in the third digit.
const fullPrecision = { NVIDIA_TF32_OVERRIDE: '0' };

export const cpuProvider: Provider = {
  choice: 'cpu',
  runtime: 'ONNX Runtime',
  name: 'cpu',
  label: 'CPU',
  gpu: false,
  platforms: everywhere,
  needs: "ONNX Runtime's library for this platform",
};

export const tensorFlowProvider: Provider = {
  choice: 'tensorflow',
  runtime: 'TensorFlow.js',
  name: 'tensorflow',
  label: 'TensorFlow',
  gpu: false,
  platforms: everywhere,
  needs: 'the package @tensorflow/tfjs-node or @tensorflow/tfjs-node-gpu',
  environment: { ...fullPrecision, TF_CPP_MIN_LOG_LEVEL: '2' },
};

export const wasmProvider: Provider = {
  choice: 'wasm',
  runtime: 'TensorFlow.js',
  name: 'wasm',
  label: 'WebAssembly',
  gpu: false,
  platforms: everywhere,
  needs: 'nothing else',
};

/**
 * The CPU, then the others in the order in which `auto` tries them: GPUs, a platform's own before the portable one;
 * TensorFlow.js only where ONNX Runtime cannot be loaded.
 */
export const allProviders: readonly Provider[] = [
  cpuProvider,
  {
    choice: 'cuda',
    runtime: 'ONNX Runtime',
    name: 'cuda',
    label: 'CUDA',
    gpu: true,
    platforms: ['linux', 'win32'],
    needs: 'an NVIDIA GPU and the CUDA libraries of ONNX Runtime beside its own',
    environment: fullPrecision,
  },
  {
    choice: 'directml',
    runtime: 'ONNX Runtime',
    name: 'dml',
    label: 'DirectML',
    gpu: true,
    platforms: ['win32'],
    needs: 'a GPU with a DirectX 12 driver',
  },
  {
    choice: 'coreml',
    runtime: 'ONNX Runtime',
    name: 'coreml',
    label: 'Core ML',
    gpu: true,
    platforms: ['darwin'],
    needs: 'macOS on Apple silicon',
  },
  {
    choice: 'webgpu',
    runtime: 'ONNX Runtime',
    name: 'webgpu',
    label: 'WebGPU',
    gpu: true,
    platforms: everywhere,
    needs: 'a GPU with a Metal or Direct3D 12 driver, or on Linux a Vulkan driver and its loader (libvulkan.so.1)',
  },
  tensorFlowProvider,
  wasmProvider,
];

/** The providers that exist on a platform. */
export function providersOn(platform: NodeJS.Platform): readonly Provider[] {
  return allProviders.filter(({ platforms }) => platforms.includes(platform));
}
