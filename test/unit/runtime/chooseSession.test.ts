/** What `auto` does, on providers made up for it. */
import { describe, expect, it } from 'vitest';
import { CancelledError } from '../../../src/common/errors';
import type { ProviderChoice } from '../../../src/common/runtimeChoice';
import { chooseSession, type ChooseSessionOptions } from '../../../src/model/runtime/chooseSession';
import { allProviders, type Provider } from '../../../src/model/runtime/providers';
import type { RuntimeSession } from '../../../src/model/types';
import { networkOf, randomConv } from './tinyNetworks';

const network = networkOf([randomConv('image', 'output', 3, 2)], 'output', 2);

interface Behaviour {
  /** Added to every logit. */
  readonly error?: number;
  readonly milliseconds?: number;
  readonly failure?: Error;
}

/** Providers that behave as they are told, and what was opened and is still open of them. */
function made(behaviours: Partial<Record<ProviderChoice, Behaviour>>) {
  const opened: ProviderChoice[] = [];
  const alive: ProviderChoice[] = [];
  const open = ({ choice, runtime, label }: Provider): Promise<RuntimeSession> => {
    // What the clock says of a fast CPU is chance on a busy machine.
    const { error = 0, milliseconds = choice === 'cpu' ? 60 : 0, failure } = behaviours[choice] ?? {};
    opened.push(choice);
    if (failure !== undefined) return Promise.reject(failure);
    alive.push(choice);
    return Promise.resolve({
      runtime,
      provider: label,
      run: async (input, height, width) => {
        await new Promise(resolve => setTimeout(resolve, milliseconds));
        return {
          logits: input.slice(0, 64).map(value => value + error),
          deltas: new Float32Array(4),
          grids: [[height, width]],
        };
      },
      dispose: () => {
        alive.splice(alive.indexOf(choice), 1);
        return Promise.resolve();
      },
    });
  };
  const choose = (options: ChooseSessionOptions = {}) => {
    const candidates = allProviders.filter(({ gpu, choice }) => gpu && choice in behaviours);
    return chooseSession(network, candidates, 'there is none', options, (_, provider) => open(provider));
  };
  return { choose, opened, alive };
}

const outcomes = ({ checks }: Awaited<ReturnType<typeof chooseSession>>) =>
  checks.map(({ choice, outcome }) => `${choice} ${outcome}`);

describe('chooseSession', () => {
  it('takes the first that agrees with the CPU, which stays as the reference of the record alone', async () => {
    const { choose, opened, alive } = made({ cuda: {}, webgpu: {} });
    const chosen = await choose();
    expect(chosen.session.provider).toBe('CUDA');
    expect(chosen.reason).toMatch(/^CUDA agrees with the CPU within 0\.0e\+0 on a fixed input$/);
    expect(outcomes(chosen)).toEqual(['cuda chosen', 'cpu reference']);
    for (const { timing } of chosen.checks) expect(timing).toMatchObject({ height: 256, width: 320 });
    expect(opened).not.toContain('webgpu');
    expect(alive).toEqual(['cuda']);
  });

  it('refuses one whose numbers are wrong, and goes on to the next', async () => {
    const { choose, alive } = made({ cuda: { error: 0.5 }, webgpu: {} });
    const chosen = await choose();
    expect(chosen.session.provider).toBe('WebGPU');
    expect(outcomes(chosen)).toEqual(['cuda refused', 'webgpu chosen', 'cpu reference']);
    expect(chosen.checks[0]?.reason).toMatch(/^CUDA differs from the CPU by \d\.\de-\d on a fixed input$/);
    expect(chosen.checks[0]?.difference).toBeGreaterThan(1e-3);
    expect(alive).toEqual(['webgpu']);
  });

  it('refuses one that is far slower, and leaves the CPU to run', async () => {
    const { choose, alive } = made({ cpu: { milliseconds: 0 }, webgpu: { milliseconds: 1000 } });
    const chosen = await choose();
    expect(outcomes(chosen)).toEqual(['webgpu refused', 'cpu chosen']);
    expect(chosen.reason).toMatch(/^CPU: WebGPU takes [\d.]+ times as long as the CPU$/);
    expect(alive).toEqual(['cpu']);
  });

  it('goes on where one does not start', async () => {
    const { choose, alive } = made({ cuda: { failure: new Error('no library') }, webgpu: {} });
    const chosen = await choose();
    expect(outcomes(chosen)).toEqual(['cuda failed', 'webgpu chosen', 'cpu reference']);
    expect(chosen.checks[0]?.reason).toBe('CUDA does not run (no library)');
    expect(alive).toEqual(['webgpu']);
  });

  it('skips one that crashed before, without touching it', async () => {
    const { choose, opened } = made({ cuda: {}, webgpu: { error: 1 } });
    const chosen = await choose({ exclude: ['cuda'] });
    expect(outcomes(chosen)).toEqual(['cuda skipped', 'webgpu refused', 'cpu chosen']);
    expect(chosen.checks[0]).toMatchObject({
      reason: 'CUDA took its process down before and is not tried',
      devices: [],
    });
    expect(opened).not.toContain('cuda');
  });

  it('says which one it tries, and waits until that is heard, before it opens it', async () => {
    const { choose, opened } = made({ cuda: { error: 1 }, webgpu: {} });
    const tried: string[] = [];
    const onTrying = async ({ choice, label }: Pick<Provider, 'choice' | 'label'>) => {
      await new Promise(resolve => setTimeout(resolve, 20));
      expect(opened).not.toContain(choice);
      tried.push(label);
    };
    await choose({ onTrying });
    expect(tried).toEqual(['CUDA', 'WebGPU']);
  });

  it('says why there is none', async () => {
    const { choose } = made({});
    const chosen = await choose();
    expect(chosen).toMatchObject({ reason: 'CPU: there is none', session: { provider: 'CPU' } });
    expect(outcomes(chosen)).toEqual(['cpu chosen']);
  });

  it('leaves nothing open where it is cancelled, or where the CPU does not start', async () => {
    const controller = new AbortController();
    const { choose, alive } = made({ webgpu: { milliseconds: 5 } });
    const choosing = choose({ signal: controller.signal, onTrying: () => controller.abort() });
    await expect(choosing).rejects.toThrow(CancelledError);
    expect(alive).toEqual([]);
    const broken = made({ cpu: { failure: new Error('no binary') }, webgpu: {} });
    await expect(broken.choose()).rejects.toThrow('no binary');
    expect(broken.alive).toEqual([]);
  });
});
