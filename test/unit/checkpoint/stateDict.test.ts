import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/model/checkpoint/checkpoint';
import { temporaryFolder } from '../helpers/temporaryFolder';
import type { PickleInput } from './pickleBytes';
import { refusalOf } from './readAll';
import { TorchFile } from './torchFile';

const folder = await temporaryFolder();

/** A nested object of numbers (one-element tensors) and dicts, as a checkpoint. */
interface Nested {
  readonly [key: string]: number | string | Nested;
}

let written = 0;
async function write(content: Nested): Promise<string> {
  const torch = new TorchFile();
  const convert = (nested: Nested): PickleInput =>
    new Map(
      Object.entries(nested).map(([key, value]): [PickleInput, PickleInput] => [
        key,
        typeof value === 'number'
          ? torch.tensor(Float32Array.of(value))
          : typeof value === 'string'
            ? value
            : convert(value),
      ]),
    );
  const file = join(folder, `${written++}.pth`);
  await writeFile(file, torch.bytes(convert(content)));
  return file;
}

async function open(content: Nested): Promise<{ values: Record<string, number>; notes: readonly string[] }> {
  const checkpoint = await openCheckpoint(await write(content));
  const values: Record<string, number> = {};
  for (const name of checkpoint.tensors.keys()) values[name] = (await checkpoint.read(name))[0] ?? NaN;
  await checkpoint.close();
  return { values, notes: checkpoint.notes };
}

const weights = { 'backbone.body.w': 1, 'head.classification_head.cls_logits.weight': 2 };
const prefixed = (prefix: string, source: Record<string, number> = weights) =>
  Object.fromEntries(Object.entries(source).map(([key, value]) => [prefix + key, value]));

describe('state dicts in checkpoints', () => {
  it.each([
    ['bare', weights],
    ['model', { model: weights, epoch: 'x' }],
    ['state_dict', { state_dict: weights }],
    ['model_state_dict', { model_state_dict: weights }],
    ['ema', { ema: weights }],
    ['ema.module', { ema: { module: weights, updates: 'x' } }],
    ['ema.state_dict', { ema: { state_dict: weights } }],
    ['another key', { detector: weights }],
    ['module.', prefixed('module.')],
    ['model.', prefixed('model.')],
    ['_orig_mod.', prefixed('_orig_mod.')],
    ['module.model._orig_mod.', { model: prefixed('module.model._orig_mod.') }],
    ['_orig_mod. inside', { 'backbone._orig_mod.body.w': 1, 'head.classification_head.cls_logits.weight': 2 }],
    ['n_averaged beside module.', { n_averaged: 9, ...prefixed('module.') }],
    ['optimizer states', { optimizer: { 'p.exp_avg': 5, 'p.exp_avg_sq': 6, 'q.a': 7 }, model: weights }],
    ['a stray tensor at the top', { ema_decay: 3, model: weights }],
  ])('finds %s', async (_, content) => {
    expect(await open(content)).toEqual({ values: weights, notes: [] });
  });

  it('prefers the weights to their moving average, wherever they stand, and says so', async () => {
    const average = prefixed('', { 'backbone.body.w': 10, 'head.classification_head.cls_logits.weight': 20 });
    expect(await open({ model_ema: average, model: weights })).toEqual({
      values: weights,
      notes: ['The checkpoint holds several sets of weights: model is used, model_ema ignored.'],
    });
    const { values, notes } = await open({ ...prefixed('ema.'), ...prefixed('model.') });
    expect(values).toEqual(weights);
    expect(notes).toEqual(['2 tensors of a moving average (ema.backbone.body.w, ...) are ignored.']);
  });

  it('prefers a RetinaNet to other models', async () => {
    const { values, notes } = await open({ model: { 'fc.w': 1, 'fc.b': 2 }, detector: weights });
    expect(values).toEqual(weights);
    expect(notes[0]).toMatch(/detector is used, model ignored/);
  });

  it('says which prefix it removed when not all names or an unusual one carry it', async () => {
    expect(await open({ ...prefixed('model.'), 'criterion.w': 3 })).toEqual({
      values: { ...weights, 'criterion.w': 3 },
      notes: ['The prefix model. was removed from 2 of 3 tensor names.'],
    });
    expect(await open(prefixed('detector.'))).toEqual({
      values: weights,
      notes: ['The prefix detector. was removed from all tensor names.'],
    });
  });

  it('keeps the names of models it does not know', async () => {
    expect((await open({ 'encoder.a.w': 1, 'encoder.b.w': 2 })).values).toEqual({ 'encoder.a.w': 1, 'encoder.b.w': 2 });
  });

  it('refuses two tensors of one name', async () => {
    expect(await refusalOf(await write({ 'module.a.w': 1, 'module.b.w': 3, 'a.w': 2 }))).toMatch(
      /tensors module\.a\.w and a\.w both mean a\.w; /,
    );
  });

  it('treats names such as __proto__ like any other', async () => {
    const torch = new TorchFile();
    const names = ['__proto__', 'constructor.prototype', '__proto__.polluted'];
    const dict = new Map<PickleInput, PickleInput>(names.map((name, i) => [name, torch.tensor(Float32Array.of(i))]));
    const file = join(folder, 'proto.pth');
    await writeFile(file, torch.bytes(dict));
    const checkpoint = await openCheckpoint(file);
    expect([...checkpoint.tensors.keys()]).toEqual(names);
    expect(await checkpoint.read('__proto__')).toEqual(Float32Array.of(0));
    await checkpoint.close();
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('refuses checkpoints without tensors, naming what they hold', async () => {
    expect(await refusalOf(await write({ epoch: 'x', args: { a: 'b' } }))).toMatch(
      /no state dict was found in it: its keys are epoch, args; save the weights with torch\.save/,
    );
    expect(await refusalOf(await write({}))).toMatch(/it is empty/);
    expect(await refusalOf(await write({ ['n'.repeat(1001)]: 1 }))).toMatch(/name has 1001 characters/);
    const torch = new TorchFile();
    const file = join(folder, 'list.pth');
    await writeFile(file, torch.bytes([torch.tensor(Float32Array.of(1))]));
    expect(await refusalOf(file)).toMatch(/it holds a list; expected a dict of tensors/);
  });
});
