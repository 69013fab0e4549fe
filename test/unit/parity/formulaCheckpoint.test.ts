import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { inferArchitecture } from '../../../src/model/architecture';
import { formulaCheckpoint } from './formulaCheckpoint';
import { type GoldenModel, readGolden, sha256 } from './golden';

const models = Object.entries(readGolden<Record<string, GoldenModel>>('models.json'));

/** Digest of names and shapes, one tensor a line in the order of the names. */
function namesDigest(tensors: ReadonlyMap<string, { readonly shape: readonly number[] }>): string {
  const lines = [...tensors].map(([name, { shape }]) => `${name} [${shape.join(', ')}]\n`).sort();
  return createHash('sha256').update(lines.join('')).digest('hex');
}

describe.each(models)('formula checkpoint of %s', (_, model) => {
  // Heads with group norm came with the present layout.
  const layouts = model.headNorm === 'none' ? (['present', 'former'] as const) : (['present'] as const);

  test("has torchvision's names and shapes in every key layout it has had", () => {
    for (const layout of layouts) {
      const { tensors } = formulaCheckpoint(model, layout);
      expect(tensors.size).toBe(model.tensors);
      expect(namesDigest(tensors)).toBe(layout === 'present' ? model.namesSha256 : model.formerNamesSha256);
    }
  });

  test("has Python's values to the last bit", async () => {
    const checkpoint = formulaCheckpoint(model);
    const starts: number[] = [];
    for (const name of [...checkpoint.tensors.keys()].sort()) {
      if (checkpoint.tensors.get(name)?.dtype === 'F32') starts.push(...(await checkpoint.read(name)).subarray(0, 64));
    }
    expect(sha256(Float32Array.from(starts))).toBe(model.valuesSha256);
  });

  test('is recognised for what it is, with as many parameters as torch counts', () => {
    const { block, blocks, channels, classes, p6From, headNorm, parameters } = model;
    for (const layout of layouts) {
      expect(inferArchitecture(formulaCheckpoint(model, layout))).toMatchObject({
        ...{ block, blocks, fpnChannels: channels, classes, p6From, headNorm, parameters },
        headDepth: 4,
        anchorsPerCell: 9,
        torchvisionCocoV1: false,
      });
    }
  });
});
