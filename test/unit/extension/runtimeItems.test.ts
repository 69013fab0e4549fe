/** The list behind the status bar item: what each runtime did, and what can be done. */
import { describe, expect, it, vi } from 'vitest';
import type { ProviderCheck } from '../../../src/common/providerCheck';
import { commandIds } from '../../../src/extension/commandIds';
import type { RuntimeReport } from '../../../src/protocol/messages';
import { t } from './labelFiles/support';

const env = vi.hoisted(() => ({ remoteName: undefined as string | undefined }));
vi.mock('vscode', () => ({ l10n: { t }, env, QuickPickItemKind: { Separator: -1 } }));
const { runtimeItems } = await import('../../../src/extension/runtime/runtimeItems');

const cpu: ProviderCheck = {
  choice: 'cpu',
  runtime: 'ONNX Runtime',
  provider: 'CPU',
  devices: ['A processor, 2 threads'],
  outcome: 'reference',
  reason: 'the others are compared with it',
  difference: 0,
  timing: { height: 256, width: 320, milliseconds: 151.4 },
};
const webgpu: ProviderCheck = {
  ...{ ...cpu, choice: 'webgpu', provider: 'WebGPU', devices: ['NVIDIA H100'], outcome: 'chosen', difference: 3.2e-6 },
  reason: 'WebGPU agrees with the CPU',
  timing: { height: 256, width: 320, milliseconds: 12.34 },
};
const cuda: ProviderCheck = {
  ...{ ...cpu, choice: 'cuda', provider: 'CUDA', devices: [], outcome: 'skipped' },
  ...{ reason: 'CUDA took its process down before and is not tried', difference: undefined, timing: undefined },
};
const report: RuntimeReport = {
  checkpoint: '/models/a.pth',
  ...{ architecture: 'RetinaNet', runtime: 'ONNX Runtime', provider: 'WebGPU', reason: webgpu.reason },
  checks: [cuda, webgpu, cpu],
  latestPass: { height: 800, width: 1088, milliseconds: 48.26 },
  memory: { process: 1.5 * 2 ** 30, total: 16 * 2 ** 30 },
};

describe('the list of runtimes', () => {
  it('says of each what it did, on which device and how fast, in the order in which they were tried', () => {
    const [heading, ...items] = runtimeItems(report, false);
    expect(heading).toMatchObject({ label: 'Runtimes', kind: -1 });
    expect(items.slice(0, 3)).toEqual([
      {
        label: '$(circle-slash) ONNX Runtime · CUDA',
        description: '',
        detail: 'CUDA took its process down before and is not tried',
      },
      {
        label: '$(check) ONNX Runtime · WebGPU',
        description: 'NVIDIA H100, 12.3 ms at 320 x 256, difference to the CPU 3.2e-6',
        detail: 'WebGPU agrees with the CPU',
      },
      {
        label: '$(circle-outline) ONNX Runtime · CPU',
        description: 'A processor, 2 threads, 151 ms at 320 x 256',
        detail: 'the others are compared with it',
      },
    ]);
  });

  it('says that the name of a device is not to be had, rather than nothing', () => {
    const [, item] = runtimeItems({ ...report, checks: [{ ...webgpu, devices: [] }] }, false);
    expect(item?.description).toContain('device name not available on this platform, 12.3 ms');
  });

  it('has the latest pass and the memory', () => {
    const facts = runtimeItems(report, false).slice(4, 6);
    expect(facts.map(({ description }) => description)).toEqual([
      '48.3 ms at 1088 x 800',
      "the engine takes 1.5 GB of this machine's 16.0 GB",
    ]);
    expect(facts[1]?.label).toContain('System memory');
    const before = runtimeItems({ ...report, latestPass: undefined }, false);
    expect(before.some(({ label }) => label.includes('Latest forward pass'))).toBe(false);
  });

  it('offers what can be done, with nothing loaded too', () => {
    const [heading, ...items] = runtimeItems(null, false);
    expect(heading).toMatchObject({ label: 'Actions', kind: -1 });
    expect(items.map(({ command }) => command)).toEqual([
      commandIds.chooseModel,
      'workbench.action.openSettings',
      commandIds.benchmarkRuntimes,
      commandIds.installTensorFlow,
      commandIds.restartEngine,
      commandIds.showLog,
    ]);
    expect(runtimeItems(null, true).map(({ command }) => command)).toContain(commandIds.removeTensorFlow);
  });

  it('opens the settings of the machine that extensions run on', () => {
    env.remoteName = 'ssh-remote';
    const item = runtimeItems(null, false).find(({ label }) => label === 'Choose Runtime');
    env.remoteName = undefined;
    expect(item).toMatchObject({
      command: 'workbench.action.openRemoteSettings',
      arguments: [{ query: 'focalLens.runtime' }],
    });
  });
});
