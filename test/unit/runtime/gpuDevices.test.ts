import { describe, expect, it } from 'vitest';
import { chosenDrivers, mayHaveGpu } from '../../../src/model/runtime/gpuDevices';

describe('mayHaveGpu', () => {
  it.each([
    [['null', 'zero', 'shm'], false],
    [[], false],
    [['dri'], true],
    [['nvidia0', 'nvidiactl'], true],
    [['nvidiactl'], true],
    [['dxg'], true],
    // Left behind by a kernel module without a card, and a namesake.
    [['nvidia-caps', 'drivers'], false],
  ])('on Linux with %j: %s', (devices, expected) => {
    expect(mayHaveGpu('linux', {}, () => devices)).toBe(expected);
  });

  it('trusts a Vulkan driver that was chosen by hand', () => {
    for (const name of ['VK_ICD_FILENAMES', 'VK_DRIVER_FILES', 'VK_ADD_DRIVER_FILES']) {
      expect(mayHaveGpu('linux', { [name]: '/some/icd.json' }, () => [])).toBe(true);
      expect(mayHaveGpu('linux', { [name]: '' }, () => [])).toBe(false);
    }
  });

  it('leaves the answer to the drivers elsewhere, and expects none without /dev', () => {
    expect(mayHaveGpu('win32', {}, () => [])).toBe(true);
    expect(mayHaveGpu('darwin', {}, () => [])).toBe(true);
    const fail = () => {
      throw new Error('EACCES');
    };
    expect(mayHaveGpu('linux', {}, fail)).toBe(false);
  });
});

describe('chosenDrivers', () => {
  it('lists all files of all variables', () => {
    expect(
      chosenDrivers({ VK_DRIVER_FILES: ['/a.json', '/b.json'].join(process.platform === 'win32' ? ';' : ':') }),
    ).toEqual(['/a.json', '/b.json']);
    expect(chosenDrivers({})).toEqual([]);
  });
});
