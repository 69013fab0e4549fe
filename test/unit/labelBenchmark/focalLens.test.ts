import { expect, it } from 'vitest';
import { focalLens } from '../../../bench/labels/focalLens';
import type { Scene } from '../../../bench/labels/types';
import { analyzeWithEvidence } from '../../../src/analysis/analyze';
import { imageLabels, makeLabel, modelConfig } from '../analysis/analysisInput';
import { sceneInput } from '../analysis/issues/sceneInput';

it('ranks what the product lists, the certain issues too, and then what is too faint to be listed', () => {
  const labels = imageLabels([
    makeLabel('seen', 'cat', [12, 14, 44, 46]),
    makeLabel('tiny', 'dog', [100, 50, 104, 54]),
    makeLabel('flat', 'cat', [80, 20, 80, 60]),
  ]);
  const config = modelConfig({ allowLowQualityMatches: false });
  const input = sceneInput(labels.labels, [{ category: 'cat', box: [12, 14, 44, 46] }], { overrides: { config } });
  const { part, evidence } = analyzeWithEvidence(input);
  const scene = { ...input, labels, config, analysis: part, evidence } as unknown as Scene;
  const entries = focalLens.suspicions(scene).map(({ labelId, kind, score }) => ({ labelId, kind, score }));
  const listed = part.issues.map(({ labelId, score }) => ({ labelId, score }));
  expect(entries).toMatchObject(listed.concat(entries.slice(listed.length)));
  expect(part.issues.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['uncovered', 'degenerate']));
  const scoreOf = (id: string) =>
    part.issues.find(({ kind, labelId }) => kind === 'uncovered' && labelId === id)?.score;
  expect(entries).toContainEqual({ labelId: 'tiny', kind: null, score: scoreOf('tiny') });
  expect(entries).toContainEqual({ labelId: 'flat', kind: null, score: 1 });
  expect(entries.find(({ labelId }) => labelId === 'seen')?.score).toBeLessThan(0.3);
});
