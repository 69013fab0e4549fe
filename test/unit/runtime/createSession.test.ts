import { describe, expect, it } from 'vitest';
import { CancelledError, UserError } from '../../../src/common/errors';
import { createSession } from '../../../src/model/runtime/createSession';
import { fixedInput } from '../../../src/model/runtime/fixedInput';
import { tinyRetinaNet } from './tinyNetworks';

describe('createSession', () => {
  it('runs on the CPU when asked to', async () => {
    const { session, reason } = await createSession(await tinyRetinaNet(), 'cpu', { threads: 1 });
    expect(session).toMatchObject({ runtime: 'ONNX Runtime', provider: 'CPU' });
    expect(reason).toBe('CPU is chosen as runtime');
    await session.dispose();
  });

  it('falls back to the CPU with a reason, or keeps a GPU that agrees', { timeout: 300_000 }, async () => {
    const log: string[] = [];
    const network = await tinyRetinaNet();
    const { session, reason } = await createSession(network, 'auto', { log: message => log.push(message), threads: 1 });
    expect(log[0]).toBe('Starting ONNX Runtime on CPU');
    expect(reason).toMatch(/^CPU: .+|agrees with the CPU within .* on a fixed input$/);
    expect(session.provider === 'CPU').toBe(reason.startsWith('CPU: '));
    const result = await session.run(fixedInput(64, 64), 64, 64);
    expect(result.logits.every(Number.isFinite)).toBe(true);
    await session.dispose();
  });

  it.each([
    [
      'directml',
      'linux',
      'DirectML does not exist on this platform; choose one of auto, cpu, cuda, webgpu, tensorflow, wasm as runtime',
    ],
    [
      'coreml',
      'win32',
      'Core ML does not exist on this platform; choose one of auto, cpu, cuda, directml, webgpu, tensorflow, wasm as runtime',
    ],
    [
      'cuda',
      'darwin',
      'CUDA does not exist on this platform; choose one of auto, cpu, coreml, webgpu, tensorflow, wasm as runtime',
    ],
  ] as const)('says what can be chosen instead of %s on %s', async (choice, platform, message) => {
    const creation = createSession(await tinyRetinaNet(), choice, {}, platform);
    await expect(creation).rejects.toThrow(UserError);
    await expect(creation).rejects.toThrow(message);
  });

  it('says what a provider needs that does not start', async () => {
    const foreign = process.platform === 'win32' ? 'coreml' : 'directml';
    const platform = process.platform === 'win32' ? 'darwin' : 'win32';
    await expect(createSession(await tinyRetinaNet(), foreign, {}, platform)).rejects.toThrow(
      /^(DirectML|Core ML) does not start \(.+\), it needs .+; choose one of auto, cpu, .+ as runtime$/,
    );
  });

  it('refuses a provider that crashed before, untouched', async () => {
    const log: string[] = [];
    const options = { exclude: ['tensorflow'], log: (message: string) => log.push(message) } as const;
    await expect(createSession(await tinyRetinaNet(), 'tensorflow', options)).rejects.toThrow(
      /^TensorFlow took its process down before and is not tried; restart the engine to try it again, or choose one of/,
    );
    expect(log).toEqual([]);
  });

  it('hears a cancellation', async () => {
    const controller = new AbortController();
    const network = await tinyRetinaNet();
    const log = (): void => controller.abort();
    await expect(createSession(network, 'cpu', { signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
    const creation = createSession(network, 'auto', { signal: controller.signal, log });
    await expect(creation).rejects.toThrow(CancelledError);
  });
});
