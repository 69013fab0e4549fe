import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { ModelConfig } from '../../../src/model/types';
import type { FormulaModel, KeyLayout } from './formulaCheckpoint';

const folder = path.resolve('test/golden');

/** A long float32 array as its sum and every `stride`-th value. */
export interface Sample {
  readonly length: number;
  readonly stride: number;
  readonly sum: number;
  /** base64 of little-endian float32 */
  readonly values: string;
}

export interface GoldenDetections {
  readonly boxes: readonly (readonly number[])[];
  readonly scores: readonly number[];
  readonly columns: readonly number[];
}

/** What torchvision computed for one image: `test/golden/cases`, written by `test/golden/generate.py`. */
export interface GoldenCase {
  readonly name: string;
  readonly model: string;
  readonly layouts: readonly KeyLayout[];
  readonly config: Pick<
    ModelConfig,
    'minSize' | 'maxSize' | 'boxLoss' | 'boxLossBeta' | 'scoreThreshold' | 'nmsThreshold'
  > &
    Partial<Pick<ModelConfig, 'batchNormEps'>>;
  readonly image: { readonly file: string; readonly width: number; readonly height: number; readonly sha256: string };
  readonly labels: readonly { readonly box: readonly number[]; readonly column: number; readonly excluded: boolean }[];
  readonly input: Record<'width' | 'height' | 'paddedWidth' | 'paddedHeight', number> & { readonly data: Sample };
  readonly grids: readonly (readonly [number, number])[];
  readonly anchors: { readonly count: number; readonly sha256: string; readonly boxes: Sample };
  readonly matched: {
    readonly sha256: string;
    readonly foreground: number;
    readonly ignored: number;
    readonly background: number;
    readonly perLabel: readonly number[];
    readonly iouSha256: string;
    readonly iou: Sample;
  };
  readonly logits: Sample;
  readonly deltas: Sample;
  readonly focal: Sample;
  readonly crossEntropy: Sample;
  readonly losses: { readonly classification: number; readonly boxRegression: number };
  readonly detections: GoldenDetections;
}

export interface GoldenModel extends FormulaModel {
  readonly parameters: number;
  readonly tensors: number;
  readonly namesSha256: string;
  readonly formerNamesSha256: string | null;
  readonly valuesSha256: string;
}

export function readGolden<T>(name: string): T {
  return JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as T;
}

/** All cases of the models named, by name. */
export function goldenCases(models: readonly string[]): GoldenCase[] {
  return readdirSync(path.join(folder, 'cases'))
    .map(name => readGolden<GoldenCase>(`cases/${name}`))
    .filter(({ model }) => models.includes(model));
}

export function goldenImage(file: string): string {
  return path.join(folder, 'images', file);
}

/** SHA-256 of an array's bytes; the goldens are little-endian, as every platform the tests run on. */
export function sha256(values: Uint8Array | Float32Array | Int32Array): string {
  return createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex');
}

export function sampleValues({ values }: Sample): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(values, 'base64')).buffer);
}

/** The largest absolute difference between an array and a sample of what it should be. */
export function largestDifference(values: Float32Array, sample: Sample): number {
  expect(values.length).toBe(sample.length);
  let largest = 0;
  sampleValues(sample).forEach((expected, i) => {
    const difference = Math.abs(values[i * sample.stride] - expected);
    // Not `Math.max`: a NaN must not pass for a small difference.
    if (!(difference <= largest)) largest = difference;
  });
  return largest;
}

/** Expects an array within `tolerance` of its sample, and its sum within what that tolerance allows on average. */
export function expectClose(values: Float32Array, sample: Sample, tolerance: number): void {
  expect(largestDifference(values, sample)).toBeLessThanOrEqual(tolerance);
  const sum = values.reduce((total, value) => total + value, 0);
  const rounding = 1e-12 * Math.abs(sample.sum);
  expect(Math.abs(sum - sample.sum)).toBeLessThanOrEqual(tolerance * sample.length + rounding);
}
