import { readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CancelledError, UserError } from '../../../src/common/errors';
import { Analyzer, type AnalyzerOptions } from '../../../src/engine/analyzer';
import { ModelNotLoadedError } from '../../../src/engine/modelStore';
import type * as createSessionModule from '../../../src/model/runtime/createSession';
import type { RuntimeSession } from '../../../src/model/types';
import { defaultBands } from '../../../src/protocol/analysis';
import { anchorColumns } from '../../../src/protocol/anchorColumns';
import type { AnalysisStage, AnalyzeRequest } from '../../../src/protocol/messages';
import { temporaryFolder } from '../helpers/temporaryFolder';
import { writeTinyModel, writeTinyScene } from '../helpers/tinyModel';

// Counts the real sessions that are opened and disposed.
const sessions = vi.hoisted(() => ({ opened: 0, open: 0, most: 0, failNext: false }));
vi.mock('../../../src/model/runtime/createSession', async importOriginal => {
  const original = await importOriginal<typeof createSessionModule>();
  return {
    createSession: async (...args: Parameters<typeof original.createSession>) => {
      if (sessions.failNext) {
        sessions.failNext = false;
        throw new UserError('no such provider here');
      }
      const created = await original.createSession(...args);
      sessions.opened++;
      sessions.open++;
      sessions.most = Math.max(sessions.most, sessions.open);
      const session: RuntimeSession = {
        runtime: created.session.runtime,
        provider: created.session.provider,
        run: (...values) => created.session.run(...values),
        dispose: () => {
          sessions.open--;
          return created.session.dispose();
        },
      };
      return { ...created, session };
    },
  };
});

const folder = await temporaryFolder();
const scene = await writeTinyScene(folder);
const model = await writeTinyModel(folder);

const analyzers: Analyzer[] = [];
afterEach(async () => {
  for (const analyzer of analyzers.splice(0)) await analyzer.dispose();
  expect(sessions.open).toBe(0);
  expect(sessions.most).toBeLessThanOrEqual(1);
  sessions.opened = 0;
});

function analyzer(options?: AnalyzerOptions): Analyzer {
  const created = new Analyzer({ threads: 1, ...options });
  analyzers.push(created);
  return created;
}

function request(overrides: Partial<AnalyzeRequest> = {}, checkpoint = model.checkpoint): AnalyzeRequest {
  return {
    model: { checkpoint, runtime: 'cpu' },
    image: scene.image,
    labels: scene.labels,
    bands: defaultBands,
    maxPixels: 1e6,
    ...overrides,
  };
}

/** Analyses and tells the stages it went through. */
async function analysed(subject: Analyzer, wanted: AnalyzeRequest) {
  const stages: AnalysisStage[] = [];
  const { id, analysis } = await subject.analyzeImage(wanted, { onProgress: ({ stage }) => stages.push(stage) });
  return { id, analysis, stages };
}

describe('the model', () => {
  it('is loaded once for many images, which come out the same every time', async () => {
    const subject = analyzer();
    const first = await analysed(subject, request());
    const second = await analysed(subject, request());
    expect(first.stages).toEqual(['model', 'decode', 'labels', 'forward', 'analyse']);
    expect(second.stages).toEqual(['decode', 'labels', 'forward', 'analyse']);
    expect(sessions.opened).toBe(1);
    expect(new Uint8Array(second.analysis.columns)).toEqual(new Uint8Array(first.analysis.columns));
    expect(second.id).not.toBe(first.id);
    await expect(subject.loadModel(request().model)).resolves.toEqual(first.analysis.model);
  });

  it('is not loaded for an image that cannot be read', async () => {
    const subject = analyzer();
    const broken = join(folder, 'broken.png');
    await writeFile(broken, 'no picture');
    await expect(subject.analyzeImage(request({ image: broken }))).rejects.toThrow(/broken\.png: not an image/);
    expect(sessions.opened).toBe(0);
  });

  it('is not loaded, nor let go, for an analysis with a loaded model only', async () => {
    const other = await writeTinyModel(folder, { name: 'other' });
    const subject = analyzer();
    const onlyLoaded = { onlyLoaded: true };
    await expect(subject.analyzeImage(request(), onlyLoaded)).rejects.toThrow(ModelNotLoadedError);
    expect(sessions.opened).toBe(0);
    await analysed(subject, request());
    await expect(subject.analyzeImage(request({}, other.checkpoint), onlyLoaded)).rejects.toThrow(ModelNotLoadedError);
    await expect(subject.analyzeImage(request(), onlyLoaded)).resolves.toHaveProperty('analysis.labels.length', 3);
    expect(sessions.opened).toBe(1);
  });

  it('is read again when its file changes, after the former one was let go', async () => {
    const changing = await writeTinyModel(folder, { name: 'changing' });
    const subject = analyzer();
    const before = await analysed(subject, request({}, changing.checkpoint));
    await writeTinyModel(folder, {
      name: 'changing',
      change: tensors => tensors.get('head.classification_head.cls_logits.bias')?.data.fill(-1 as never),
    });
    await utimes(changing.checkpoint, new Date(), new Date(Date.now() + 5000));
    const after = await analysed(subject, request({}, changing.checkpoint));
    expect(after.stages[0]).toBe('model');
    expect(after.analysis.loss.classification).toBeGreaterThan(before.analysis.loss.classification);
    expect(sessions.opened).toBe(2);
  });

  it('keeps its weights when only the card changes, unless batch norm is folded anew', async () => {
    const { checkpoint, card } = await writeTinyModel(folder, { name: 'carded' });
    const subject = analyzer();
    const write = (fields: object) =>
      writeFile(card, JSON.stringify({ classes: ['__background__', 'disc', 'square', 'ring'], ...fields }));
    const gammas: number[] = [];
    for (const gamma of [1, 3]) {
      await write({ minSize: 96, maxSize: 192, focal: { gamma, alpha: 0.25 } });
      await utimes(card, new Date(), new Date(Date.now() + gamma * 1000));
      gammas.push((await analysed(subject, request({}, checkpoint))).analysis.loss.gamma);
    }
    expect([gammas, sessions.opened]).toEqual([[1, 3], 1]);
    await write({ minSize: 96, maxSize: 192, batchNormEps: 0.5 });
    await analysed(subject, request({}, checkpoint));
    expect(sessions.opened).toBe(2);
  });

  it('survives a card that is broken for a while', async () => {
    const { checkpoint, card } = await writeTinyModel(folder, { name: 'mended' });
    const subject = analyzer();
    await analysed(subject, request({}, checkpoint));
    const text = await readFile(card);
    await writeFile(card, '{ "minSize": "large" }');
    await expect(subject.analyzeImage(request({}, checkpoint))).rejects.toThrow(/minSize/);
    await writeFile(card, text);
    await analysed(subject, request({}, checkpoint));
    expect(sessions.opened).toBe(1);
  });

  it('can be loaded after a runtime that failed', async () => {
    const subject = analyzer();
    sessions.failNext = true;
    await expect(subject.loadModel(request().model)).rejects.toThrow('no such provider');
    await expect(subject.loadModel(request().model)).resolves.toMatchObject({ provider: 'CPU' });
  });

  it('describes itself', async () => {
    const info = await analyzer().loadModel(request().model);
    expect(info).toMatchObject({
      file: model.checkpoint,
      classes: ['__background__', 'disc', 'square', 'ring'],
      runtime: 'ONNX Runtime',
      provider: 'CPU',
    });
    expect(info.architecture).toContain('ResNet-18');
  });

  it('tells how long its latest forward pass took', async () => {
    const subject = analyzer();
    await subject.loadModel(request().model);
    expect(subject.runtime).toMatchObject({ latestPass: undefined });
    const { analysis } = await analysed(subject, request());
    const { paddedHeight: height, paddedWidth: width } = analysis.input;
    expect(subject.runtime?.latestPass).toMatchObject({ height, width });
    expect(subject.runtime?.latestPass?.milliseconds).toBeGreaterThan(0);
  });
});

describe('an analysis', () => {
  it('measures its parts, which make up the whole', async () => {
    const { analysis } = await analysed(analyzer(), request());
    const { decode, prepare, forward, analyse, total } = analysis.milliseconds;
    for (const part of [decode, prepare, forward, analyse]) expect(part).toBeGreaterThan(0);
    expect(decode + prepare + forward + analyse).toBeCloseTo(total, 6);
  });

  it('names the image in errors that name no place', async () => {
    const thin = join(folder, 'thin.png');
    await sharp({ create: { width: 1, height: 4000, channels: 3, background: 'red' } })
      .png()
      .toFile(thin);
    const error = await analyzer()
      .analyzeImage({ ...request(), image: thin })
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ name: 'UserError', where: thin });
  });

  it('starts nothing for a request that was cancelled before', async () => {
    const stages: string[] = [];
    const options = { signal: AbortSignal.abort(), onProgress: ({ stage }: { stage: string }) => stages.push(stage) };
    await expect(analyzer().analyzeImage(request(), options)).rejects.toBeInstanceOf(CancelledError);
    expect(stages).toEqual([]);
  });

  it.each<AnalysisStage>(['model', 'decode', 'labels', 'forward', 'analyse'])(
    'can be cancelled at the stage %s and leaves the model in order',
    async stage => {
      const subject = analyzer();
      const controller = new AbortController();
      const options = {
        signal: controller.signal,
        onProgress: (progress: { stage: AnalysisStage }) => {
          if (progress.stage === stage) controller.abort();
        },
      };
      const cancelled = subject.analyzeImage(request(), options);
      // The last stage is one synchronous computation: it ends before the cancellation can be heard.
      if (stage === 'analyse') await cancelled;
      else await expect(cancelled).rejects.toBeInstanceOf(CancelledError);
      await analysed(subject, request());
    },
  );
});

describe('inspection of an anchor', () => {
  it('agrees with the columns', async () => {
    const subject = analyzer();
    const { id, analysis } = await analysed(subject, request());
    const { focal, state, worstClass } = anchorColumns(analysis.columns);
    const anchor = state.indexOf(1);
    const { terms } = subject.inspectAnchor(id, anchor);
    expect(terms.reduce((sum, term) => sum + term.focal, 0)).toBeCloseTo(focal[anchor] ?? NaN, 5);
    const others = terms.filter(term => term.target === 0).sort((a, b) => b.logit - a.logit);
    expect(others[0]?.column).toBe(worstClass[anchor]);
  });

  it('recomputes losses under another gamma and alpha', async () => {
    const subject = analyzer();
    const { id, analysis } = await analysed(subject, request());
    const { focal, crossEntropy, state } = anchorColumns(analysis.columns);
    const { gamma, alpha } = analysis.loss;
    expect(subject.recomputeLoss(id, gamma, alpha)).toEqual(focal.slice());
    const unweighted = subject.recomputeLoss(id, 0, -1);
    unweighted.forEach((value, i) => expect(value).toBeCloseTo(state[i] === -2 ? 0 : (crossEntropy[i] ?? NaN), 5));
    expect(() => subject.recomputeLoss('unknown', 2, 0.25)).toThrow(/run it again/);
  });

  it('works for as many analyses as memory allows, and says so for the others', async () => {
    const measuring = analyzer();
    const { analysis } = await analysed(measuring, request());
    await measuring.dispose();
    // Logits of four columns and the per-anchor columns.
    const bytes = analysis.anchors.total * 4 * 4 + analysis.columns.byteLength;
    const subject = analyzer({ maxLogitBytes: bytes * 2 });
    const ids: string[] = [];
    for (let i = 0; i < 3; i++) ids.push((await analysed(subject, request())).id);
    const [oldest = '', ...rest] = ids;
    expect(() => subject.inspectAnchor(oldest, 0)).toThrow(UserError);
    expect(() => subject.inspectAnchor(oldest, 0)).toThrow(/run it again/);
    for (const id of rest) expect(subject.inspectAnchor(id, 0).anchor).toBe(0);
  });
});
