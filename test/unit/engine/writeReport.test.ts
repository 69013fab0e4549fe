import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { embedAnalysis } from '../../../src/engine/report/embedAnalysis';
import { writeReport } from '../../../src/engine/report/writeReport';
import type { EmbeddedAnalysis } from '../../../src/protocol/messages';
import { ungroupBytes } from '../../../src/protocol/packedColumns';
import { cellSlide, syntheticAnalysis } from '../helpers/syntheticAnalysis';

const analysis = syntheticAnalysis(cellSlide());
const app = { script: 'globalThis.ran = 1;', style: 'body { margin: 0; }' };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-lens-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function analysisOf(name: string) {
  const file = join(folder, name);
  await sharp({ create: { width: 640, height: 480, channels: 3, background: '#8899aa' } }).toFile(file);
  return { ...analysis, image: { ...analysis.image, file } };
}

describe('a report of many images', () => {
  it('holds each with its picture and columns, in their order', async () => {
    const analyses = [await analysisOf('b.png'), await analysisOf('a.jpg')];
    const file = join(folder, 'report.html');
    await writeReport({ file, analyses, maxPixels: 1e6 }, app);
    const html = await readFile(file, 'utf8');
    const json = /<script type="application\/json"[^>]*>(.*?)<\/script>/s.exec(html)?.[1] ?? '';
    const embedded = JSON.parse(json) as EmbeddedAnalysis[];
    expect(embedded.map(({ title }) => title)).toEqual(['b.png', 'a.jpg']);
    expect(embedded.map(({ imageUri }) => imageUri.slice(0, 15))).toEqual(['data:image/png;', 'data:image/jpeg']);
    for (const { analysis: shown } of embedded) {
      const columns = ungroupBytes(gunzipSync(Buffer.from(shown.columns, 'base64')));
      expect(Buffer.from(columns).equals(Buffer.from(analysis.columns))).toBe(true);
      // In base64 they would take four thirds of their size.
      expect(shown.columns.length).toBeLessThan(analysis.columns.byteLength * 0.9);
    }
    expect(html).toContain('<title>2 images — Focal Lens</title>');
    expect(html).not.toContain(folder);
  });

  it('is refused when it would grow too large, and leaves no file', async () => {
    const analyses = [await analysisOf('a.png'), await analysisOf('b.png')];
    const file = join(folder, 'report.html');
    const room = (await embedAnalysis('a', '', analysis)).analysis.columns.length + 20_000;
    await expect(writeReport({ file, analyses, maxPixels: 1e6 }, app, room)).rejects.toThrow(
      `${file}: 1 of 2 images fit into a report; write several reports`,
    );
    expect(await readdir(folder)).toEqual(['a.png', 'b.png']);
  });
});
