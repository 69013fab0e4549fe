import { describe, expect, it } from 'vitest';
import type { ProviderCheck } from '../../../src/common/providerCheck';
import { fallbackOf } from '../../../src/extension/runtime/fallback';
import type { RuntimeReport } from '../../../src/protocol/messages';

function report(...checks: (readonly [ProviderCheck['choice'], ProviderCheck['outcome'], string?])[]): RuntimeReport {
  return {
    ...{ checkpoint: 'a.pth', architecture: 'RetinaNet', runtime: 'ONNX Runtime', provider: 'CPU', reason: '' },
    latestPass: undefined,
    memory: { process: 1, total: 2 },
    checks: checks.map(([choice, outcome, reason = '']) => ({
      ...{ choice, outcome, reason, runtime: '', provider: choice, devices: [] },
      ...{ difference: undefined, timing: undefined },
    })),
  };
}

describe('fallbackOf', () => {
  it('is what was tried in vain before the CPU', () => {
    const found = fallbackOf(
      report(
        ['cuda', 'failed', 'no library'],
        ['webgpu', 'refused', 'it takes 1275.7 times as long'],
        ['cpu', 'chosen'],
      ),
    );
    expect(found).toEqual({ key: 'cuda failed,webgpu refused', reason: 'it takes 1275.7 times as long' });
  });

  it('has the same key whatever was measured', () => {
    const slow = (times: number) => fallbackOf(report(['webgpu', 'refused', `${times} times`], ['cpu', 'chosen']))?.key;
    expect(slow(2)).toBe(slow(3));
  });

  it('is ONNX Runtime itself where it is missing', () => {
    expect(fallbackOf(report(['cpu', 'failed', 'no binary'], ['wasm', 'chosen']))).toMatchObject({
      reason: 'no binary',
    });
  });

  it.each([
    ['no GPU', report(['cpu', 'chosen'])],
    ['a GPU that runs by another provider', report(['cuda', 'failed'], ['webgpu', 'chosen'], ['cpu', 'reference'])],
    ['a GPU that is not tried again', report(['webgpu', 'skipped'], ['cpu', 'chosen'])],
    ['nothing that runs', report(['webgpu', 'failed'])],
  ])('is none with %s', (_, value) => {
    expect(fallbackOf(value)).toBeUndefined();
  });
});
