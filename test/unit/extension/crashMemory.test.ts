import { describe, expect, it } from 'vitest';
import { CrashMemory } from '../../../src/extension/runtime/crashMemory';
import { crashedProvider } from '../../../src/protocol/providerPhase';
import { memento } from '../helpers/memento';

describe('CrashMemory', () => {
  it('keeps what crashed from start to start, each once', () => {
    const kept = memento();
    const first = new CrashMemory(kept, '1.0.0');
    expect(first.providers).toEqual([]);
    first.add('webgpu');
    first.add('cuda');
    first.add('webgpu');
    expect(new CrashMemory(kept, '1.0.0').providers).toEqual(['webgpu', 'cuda']);
  });

  it('forgets one of them, or all', () => {
    const memory = new CrashMemory(memento(), '1.0.0');
    memory.add('webgpu');
    memory.add('cuda');
    memory.forget(['cuda', 'cpu']);
    expect(memory.providers).toEqual(['webgpu']);
    memory.forget();
    expect(memory.providers).toEqual([]);
  });

  it('starts anew with another version of the extension, which may bring other libraries', () => {
    const kept = memento();
    new CrashMemory(kept, '1.0.0').add('webgpu');
    const next = new CrashMemory(kept, '1.1.0');
    expect(next.providers).toEqual([]);
    next.add('cuda');
    expect(next.providers).toEqual(['cuda']);
  });

  it.each([null, 'webgpu', { version: '1.0.0' }, { version: '1.0.0', providers: 'webgpu' }])(
    'takes nothing from %j',
    stored => {
      const kept = memento();
      void kept.update('crashedProviders', stored);
      expect(new CrashMemory(kept, '1.0.0').providers).toEqual([]);
    },
  );
});

describe('crashedProvider', () => {
  const webgpu = { choice: 'webgpu', provider: 'WebGPU', automatic: true } as const;
  const trying = { phase: 'trying', ...webgpu } as const;

  it('is the one in use where the process broke down', () => {
    expect(crashedProvider(trying, { code: null, signal: 'SIGSEGV' })).toEqual(webgpu);
    expect(crashedProvider({ ...trying, phase: 'running' }, { code: null, signal: 'SIGABRT' })).toEqual(webgpu);
    // An access violation on Windows, and a driver that ends the process by itself.
    expect(crashedProvider(trying, { code: 0xc0000005, signal: null })).toEqual(webgpu);
    expect(crashedProvider(trying, { code: 255, signal: null }, [0, 1, 2])).toEqual(webgpu);
  });

  it('is none where somebody else ended the process, or it ended by itself', () => {
    for (const signal of ['SIGKILL', 'SIGTERM', 'SIGINT']) {
      expect(crashedProvider(trying, { code: null, signal })).toBeUndefined();
    }
    expect(crashedProvider(trying, { code: 1, signal: null }, [0, 1, 2])).toBeUndefined();
    expect(crashedProvider(trying, { code: null, signal: null })).toBeUndefined();
  });

  it('is none where no driver was in use', () => {
    const crash = { code: null, signal: 'SIGSEGV' };
    expect(crashedProvider(undefined, crash)).toBeUndefined();
    expect(crashedProvider({ phase: 'idle' }, crash)).toBeUndefined();
    for (const choice of ['cpu', 'wasm'] as const)
      expect(crashedProvider({ ...trying, choice }, crash)).toBeUndefined();
  });
});
