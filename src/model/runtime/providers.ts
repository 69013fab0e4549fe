import type { RuntimeChoice } from '../../common/runtimeChoice';

type ProviderChoice = Exclude<RuntimeChoice, 'auto'>;

/** An execution provider of ONNX Runtime. */
export interface Provider {
  readonly choice: ProviderChoice;
  /** ONNX Runtime's name. */
  readonly executionProvider: string;
  readonly label: string;
  readonly platforms: readonly NodeJS.Platform[];
  /** What the provider needs, said when it does not start. */
  readonly needs: string;
  /** Variables that the provider's libraries read when they are loaded. */
  readonly environment?: Readonly<Record<string, string>>;
}

export const cpuProvider: Provider = {
  choice: 'cpu',
  executionProvider: 'cpu',
  label: 'CPU',
  platforms: ['linux', 'win32', 'darwin'],
  needs: 'nothing else',
};

/** The CPU, then the others in the order in which `auto` tries them: a platform's own before the portable one. */
export const allProviders: readonly Provider[] = [
  cpuProvider,
  {
    choice: 'cuda',
    executionProvider: 'cuda',
    label: 'CUDA',
    platforms: ['linux', 'win32'],
    needs: 'an NVIDIA GPU and the CUDA libraries of ONNX Runtime beside its own',
    // TF32 would keep 10 bits of every factor: logits would differ in the third digit.
    environment: { NVIDIA_TF32_OVERRIDE: '0' },
  },
  {
    choice: 'directml',
    executionProvider: 'dml',
    label: 'DirectML',
    platforms: ['win32'],
    needs: 'a GPU with a DirectX 12 driver',
  },
  {
    choice: 'coreml',
    executionProvider: 'coreml',
    label: 'Core ML',
    platforms: ['darwin'],
    needs: 'macOS on Apple silicon',
  },
  {
    choice: 'webgpu',
    executionProvider: 'webgpu',
    label: 'WebGPU',
    platforms: ['linux', 'win32', 'darwin'],
    needs: 'a GPU with a Vulkan, Metal or Direct3D 12 driver',
  },
];

/** The providers that exist on a platform. */
export function providersOn(platform: NodeJS.Platform): readonly Provider[] {
  return allProviders.filter(({ platforms }) => platforms.includes(platform));
}
