import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createSession } from '../../../src/model/runtime/createSession';
import { relativeDifference } from '../../../src/model/runtime/compareSessions';
import { fixedInput } from '../../../src/model/runtime/fixedInput';
import { tinyRetinaNet } from './tinyNetworks';

/** A software Vulkan that Debian's Chromium brings along: very slow, but WebGPU all the same. */
const software = '/usr/lib/chromium/vk_swiftshader_icd.json';
const chosen = process.env.VK_ICD_FILENAMES;
const available = process.platform !== 'linux' || chosen !== undefined || existsSync(software);

describe.skipIf(!available)('WebGPU (skipped where there is no Vulkan driver to choose)', () => {
  it('computes what the CPU computes', { timeout: 300_000 }, async () => {
    // Every operation of a network once or twice: shaders take a software GPU seconds to compile.
    const options = {
      ...({ block: 'bottleneck', blocks: [1, 1, 1, 1], channels: [16, 16, 16, 16], groups: 2 } as const),
      ...({ top: 'c5', headNorm: 'group', fpn: 32, depth: 1, classes: 2, anchors: 3 } as const),
    };
    if (process.platform === 'linux') process.env.VK_ICD_FILENAMES ??= software;
    const network = await tinyRetinaNet(options);
    const [gpu, cpu] = [await createSession(network, 'webgpu'), await createSession(network, 'cpu')];
    expect(gpu.session.provider).toBe('WebGPU');
    for (const [height, width] of [
      [32, 32],
      [32, 64],
    ]) {
      const input = fixedInput(height, width);
      const found = await gpu.session.run(input, height, width);
      const expected = await cpu.session.run(input, height, width);
      expect(found.grids).toEqual(expected.grids);
      expect(relativeDifference(found.logits, expected.logits)).toBeLessThan(1e-4);
      expect(relativeDifference(found.deltas, expected.deltas)).toBeLessThan(1e-4);
    }
    await gpu.session.dispose();
    await cpu.session.dispose();
  });
});
