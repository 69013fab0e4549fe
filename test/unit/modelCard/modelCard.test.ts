import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import schema from '../../../media/model-card.schema.json';
import { cardFileOf, loadModelConfig, readModelCard } from '../../../src/model/modelCard';
import type { Architecture, ModelConfig } from '../../../src/model/types';
import { temporaryFolder } from '../helpers/temporaryFolder';

const folder = await temporaryFolder();
const card = join(folder, 'model.json');
const checkpoint = join(folder, 'model.pth');

const architecture: Architecture = {
  name: 'RetinaNet ResNet-50 FPN v1',
  block: 'bottleneck',
  blocks: [3, 4, 6, 3],
  fpnChannels: 256,
  levels: ['P3', 'P4', 'P5', 'P6', 'P7'],
  p6From: 'c5',
  headDepth: 4,
  headNorm: 'none',
  classes: 4,
  anchorsPerCell: 9,
  parameters: 34_014_999,
  torchvisionCocoV1: false,
};

async function load(text: string | object, changes: Partial<Architecture> = {}) {
  await writeFile(card, typeof text === 'string' ? text : JSON.stringify(text));
  return loadModelConfig(checkpoint, { ...architecture, ...changes });
}

async function refusal(text: string | object, changes: Partial<Architecture> = {}): Promise<string> {
  try {
    await load(text, changes);
  } catch (error) {
    if (!(error instanceof Error && error.name === 'UserError')) throw error;
    expect(error.message.startsWith(card)).toBe(true);
    expect(error.message).not.toMatch(/\n/);
    return error.message.slice(card.length);
  }
  throw new Error('the card was accepted');
}

// torchvision 0.14.1: models/detection/retinanet.py and _utils.py.
const defaults: ModelConfig = {
  classes: ['__background__', 'class 1', 'class 2', 'class 3'],
  classesNamed: false,
  categoryIds: undefined,
  minSize: 800,
  maxSize: 1333,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  anchorSizes: [
    [32, 40, 50],
    [64, 80, 101],
    [128, 161, 203],
    [256, 322, 406],
    [512, 645, 812],
  ],
  aspectRatios: Array.from({ length: 5 }, () => [0.5, 1, 2]),
  batchNormEps: 1e-5,
  fgIou: 0.5,
  bgIou: 0.4,
  allowLowQualityMatches: true,
  focal: { gamma: 2, alpha: 0.25 },
  boxLoss: 'l1',
  boxLossBeta: 1,
  scoreThreshold: 0.05,
  nmsThreshold: 0.5,
  detectionsPerImage: 300,
  topkPerLevel: 1000,
};

describe('defaults', () => {
  it("are torchvision's when there is no card, and that is said", async () => {
    const { config, cardFile, notes } = await loadModelConfig(join(folder, 'alone.pth'), architecture);
    expect(config).toEqual(defaults);
    expect(cardFile).toBeUndefined();
    expect(notes).toEqual(["There is no model card alone.json beside the weights: torchvision's defaults are used."]);
  });

  it('fill what a card leaves out', async () => {
    const { config, cardFile, notes } = await load({ minSize: 240, maxSize: 400, focal: { gamma: 1.5 } });
    expect(config).toEqual({ ...defaults, minSize: 240, maxSize: 400, focal: { gamma: 1.5, alpha: 0.25 } });
    expect(cardFile).toBe(card);
    expect(notes).toEqual([]);
  });

  it('are the ones that the published schema states', () => {
    const stated: Record<string, unknown> = { ...defaults, aspectRatios: [0.5, 1, 2] };
    for (const [key, property] of Object.entries(schema.properties)) {
      if ('default' in property) expect([key, property.default]).toEqual([key, stated[key]]);
    }
    expect(schema.properties.focal.properties.gamma.default).toBe(2);
    expect(schema.properties.focal.properties.alpha.default).toBe(0.25);
  });

  it('use GIoU for a head with group norm, unless the card says otherwise', async () => {
    expect((await load({}, { headNorm: 'group' })).config.boxLoss).toBe('giou');
    expect((await load({ boxLoss: 'l1' }, { headNorm: 'group' })).config.boxLoss).toBe('l1');
  });

  it("use epsilon 0 for torchvision's own COCO weights, with a note, unless the card says otherwise", async () => {
    const coco = { torchvisionCocoV1: true, classes: 91 };
    const { config, notes } = await load({}, coco);
    expect(config.batchNormEps).toBe(0);
    expect(config.classes).toHaveLength(91);
    expect([config.classes[0], config.classes[1], config.classes[12], config.classes[90], config.classesNamed]).toEqual(
      ['__background__', 'person', 'N/A', 'toothbrush', true],
    );
    expect(notes).toEqual([
      expect.stringMatching(/COCO's names are assumed/),
      expect.stringMatching(/epsilon 0; set batchNormEps in the model card/),
    ]);
    expect((await load({ batchNormEps: 1e-5 }, coco)).config.batchNormEps).toBe(1e-5);
  });
});

describe('cards', () => {
  it('state every key', async () => {
    const full = {
      $schema: './model-card.schema.json',
      description: 'a text',
      classes: ['__background__', 'a', 'b', 'c'],
      categoryIds: [null, 7, 5, null],
      categories: { lorry: 'b', van: 2, other: null },
      minSize: 240.5,
      maxSize: 400,
      mean: [0, 0.5, 1],
      std: [1, 1, 1],
      anchorSizes: [[8], [16], [32], [64], [128]],
      aspectRatios: [[1], [1], [1], [1], [1]],
      batchNormEps: 0.001,
      fgIou: 0.4,
      bgIou: 0.4,
      allowLowQualityMatches: false,
      focal: { gamma: 0, alpha: -1 },
      boxLoss: 'smooth_l1',
      boxLossBeta: 0.11,
      scoreThreshold: 0,
      nmsThreshold: 1,
      detectionsPerImage: 1,
      topkPerLevel: 1,
    } as const;
    expect(Object.keys(full).sort()).toEqual(Object.keys(schema.properties).sort());
    const { config, notes } = await load(full, { anchorsPerCell: 1 });
    const { $schema, description, categories, ...rest } = full;
    expect(Object.keys(categories)).toEqual(['lorry', 'van', 'other']);
    const categoryColumns = [
      ['lorry', 2],
      ['van', 2],
      ['other', -1],
    ];
    expect([$schema, description]).toEqual(['./model-card.schema.json', 'a text']);
    expect(config).toEqual({ ...rest, categoryColumns, classesNamed: true });
    expect(notes).toEqual([]);
    expect(await readModelCard(card)).toEqual(full);
  });

  it.each([
    [
      { car: 'lorry' },
      /:\d+:\d+: categories gives "car" the class column "lorry", which the model does not have; name one/,
    ],
    [{ car: 4 }, /categories gives "car" the class column 4, which the model does not have; .*0 to 3$/],
    [{ car: '__background__' }, /which is the background; write null/],
    [{ car: 0 }, /which is the background; write null/],
    [{ car: -1 }, /categories\.car must be .*, found -1/],
    [{ car: true }, /categories\.car must be .*, found true/],
    [['car'], /categories must be an object, found \["car"\]/],
  ])('refuse the categories %j', async (categories, message) => {
    await expect(refusal({ classes: ['__background__', 'a', 'b', 'c'], categories })).resolves.toMatch(message);
  });

  it('take names of categories as they come', async () => {
    const { config } = await load('{"categories": {"__proto__": 1, "constructor": null}}');
    expect(config.categoryColumns).toEqual([
      ['__proto__', 1],
      ['constructor', -1],
    ]);
  });

  it('lie beside the weights or where the user says', async () => {
    expect(cardFileOf(join('a.b', 'model.v2.pth'))).toBe(join('a.b', 'model.v2.json'));
    const other = join(folder, 'other card.json');
    await writeFile(other, '\ufeff{"minSize": 100}');
    const { config, cardFile } = await loadModelConfig(checkpoint, architecture, other);
    expect([config.minSize, cardFile]).toEqual([100, other]);
    await expect(loadModelConfig(checkpoint, architecture, join(folder, 'none.json'))).rejects.toThrow(
      /none\.json: no such file; check the path of the model card/,
    );
    await writeFile(other, Buffer.from('{"classes": ["Bl\u00fcte"]}', 'latin1'));
    await expect(loadModelConfig(checkpoint, architecture, other)).rejects.toThrow(
      /other card\.json: is not valid UTF-8 text; save it as UTF-8$/,
    );
  });

  it('are told from other JSON files beside the weights', async () => {
    const { config, cardFile, notes } = await load({ lr: 0.1, epochs: 26 });
    expect([config, cardFile]).toEqual([defaults, undefined]);
    expect(notes).toEqual(["model.json has none of a model card's keys: torchvision's defaults are used."]);
    await expect(loadModelConfig(checkpoint, architecture, card)).rejects.toThrow(/unknown key "lr"/);
  });

  it('say which settings have no effect or two meanings', async () => {
    const { notes } = await load({ boxLossBeta: 0.5, classes: ['__background__', 'a', 'a', 'N/A'] });
    expect(notes).toEqual([
      'The model card names several class columns "a"; the first one is met by name.',
      'boxLossBeta of the model card has no effect: the box loss is l1, not smooth_l1.',
    ]);
  });

  it('list anchors for all levels or for each', async () => {
    const sizes = async (lists: object, anchorsPerCell: number) => (await load(lists, { anchorsPerCell })).config;
    const each = [[8], [16], [32], [64], [128]];
    expect((await sizes({ anchorSizes: [8, 16, 32, 64, 128] }, 3)).anchorSizes).toEqual(each);
    expect((await sizes({ anchorSizes: each, aspectRatios: [1] }, 1)).aspectRatios).toEqual(each.map(() => [1]));
    const five = [8, 16, 32, 64, 128];
    const all = await load({ anchorSizes: five }, { anchorsPerCell: 15 });
    expect(all.config.anchorSizes).toEqual([five, five, five, five, five]);
    expect(all.notes).toEqual(['anchorSizes is one list: the same anchor sizes are used at every pyramid level.']);
    const uneven = [[8, 9], [16], [32], [64], [128]];
    const ratios = [[1], [1, 2], [1, 2], [1, 2], [1, 2]];
    expect((await sizes({ anchorSizes: uneven, aspectRatios: ratios }, 2)).anchorSizes).toEqual(uneven);
  });
});

describe('cards that are wrong', () => {
  it.each<[string | object, string | RegExp]>([
    [{ minSize: '800' }, ':1:12: minSize must be a number >= 1 and <= 8192, found "800"; correct minSize'],
    [{ minSize: 0 }, /: minSize must be a number >= 1 and <= 8192, found 0;/],
    [{ maxSize: 30_000 }, /: maxSize must be a number >= 1 and <= 8192, found 30000;/],
    ['{"maxSize": 1e999}', /: maxSize must be a number .*, found Infinity;/],
    ['{\n  "minSize": 300,\n  "min_siz": 300\n}', /^:3:\d+: unknown key "min_siz"; did you mean minSize\?$/],
    [{ minSize: 1, score_thresh: 0.1 }, /unknown key "score_thresh"; did you mean scoreThreshold\?/],
    [{ minSize: 1, fg_iou_thresh: 0.1 }, /did you mean fgIou\?/],
    [{ minSize: 1, qqq: 0.1 }, /unknown key "qqq"; known keys are \$schema, description, classes/],
    ['{"minSize": 1, "__proto__": {"maxSize": 2}}', /unknown key "__proto__"/],
    [{ focal: { gama: 2 } }, /unknown key "gama" in focal; did you mean gamma\?/],
    [{ focal: { gamma: -1 } }, /: focal\.gamma must be a number >= 0 and <= 100, found -1;/],
    [{ focal: 2 }, /: focal must be an object, found 2;/],
    [{ mean: [0, 0] }, /: mean must be a list of 3 numbers, found \[0,0\];/],
    [
      { mean: [123.675, 116.28, 103.53] },
      /: mean holds 123\.675, but pixel values are between 0 and 1; divide mean and std by 255/,
    ],
    [{ std: [1, 0, 1] }, /: std\[1\] must be a number > 0, found 0;/],
    [{ boxLoss: 'l2' }, /: boxLoss must be one of "l1", "smooth_l1", "giou", found "l2";/],
    [{ allowLowQualityMatches: 'yes' }, /: allowLowQualityMatches must be true or false, found "yes";/],
    [{ detectionsPerImage: 1.5 }, /: detectionsPerImage must be a whole number >= 1 .*, found 1\.5;/],
    [
      { anchorSizes: [[32], [64]] },
      /: anchorSizes has lists for 2 levels but the weights have 5 pyramid levels \(P3, P4, P5, P6, P7\); give one/,
    ],
    [{ aspectRatios: [[1, 2, 3]] }, /: aspectRatios has lists for 1 levels but/],
    [
      { anchorSizes: 'small' },
      /: anchorSizes must be a list of one or more numbers > 0 .*, or a list of .*found "small";/,
    ],
    [{ anchorSizes: [32, -1] }, /: anchorSizes must be a list .*found \[32,-1\];/],
    [{ aspectRatios: [] }, /: aspectRatios must be a list .*found \[\];/],
    [{ classes: ['a', ''] }, /: classes\[1\] must be a text that is not empty, found "";/],
    [{ categoryIds: [null, 1.5, 2, 3] }, /: categoryIds\[1\] must be a whole number or null, found 1\.5;/],
    [{ minSize: 1500 }, /: minSize \(1500\) is larger than maxSize \(1333, torchvision's default\); state both/],
    [{ minSize: 500, maxSize: 400 }, /: minSize \(500\) is larger than maxSize \(400\);/],
    [{ bgIou: 0.6 }, /: bgIou \(0\.6\) is larger than fgIou \(0\.5, torchvision's default\);/],
    [{ fgIou: 0.3 }, /: bgIou \(0\.4, torchvision's default\) is larger than fgIou \(0\.3\);/],
    [
      { classes: ['a', 'b', 'c'] },
      /: classes has 3 names but the weights have 4 class columns; .*num_classes counts the background as column 0: put "__background__" first/,
    ],
    [
      { classes: ['__background__', 'a', 'b', 'c', 'd'] },
      /: classes has 5 names but the weights have 4 class columns; .*without a background column: leave out/,
    ],
    [{ classes: ['a'] }, /: classes has 1 names .* 4 in all/],
    [{ categoryIds: [1, 2, 3] }, /: categoryIds has 3 ids but the weights have 4 class columns; .*put null first/],
    [{ categoryIds: [null, 1, 2, 1] }, /: categoryIds names category 1 for two class columns;/],
    [
      { anchorSizes: [32, 64, 128, 256, 512] },
      /: anchorSizes and aspectRatios give 1 size x 3 aspect ratios = 3 anchors per cell at P3; the weights have 9;/,
    ],
    [{ aspectRatios: [1] }, /: anchorSizes and aspectRatios give 3 sizes x 1 aspect ratio = 3 anchors per cell/],
    [
      {
        aspectRatios: [
          [1, 2, 3],
          [1, 2, 3],
          [1, 2],
          [1, 2, 3],
          [1, 2, 3],
        ],
      },
      /at P5; the weights have 9/,
    ],
    ['{"minSize": 800,}', /^:1:17: is not valid JSON: property name expected;/],
    ['{"minSize": 800\n "maxSize": 2}', /^:2:2: is not valid JSON: comma expected;/],
    ['{"minSize": 8 // px\n}', /^:1:15: is not valid JSON: invalid comment token;/],
    ['', /is not valid JSON: value expected;/],
    ['{"minSize": 1, "minSize": 2}', /^:1:16: key minSize is there twice;/],
    ['['.repeat(100_000), /: is nested too deeply;/],
    [`{"description": "${'x'.repeat(2 ** 20)}"}`, /has 10\d+ bytes; a model card has at most 1048576;/],
  ])('%.60j', async (text, message) => {
    expect(await refusal(text)).toMatch(message);
  });

  it('that leave anchors to the defaults which the weights contradict', async () => {
    expect(await refusal({}, { anchorsPerCell: 3 })).toMatch(
      /^: the weights have 3 anchors per cell; torchvision's default anchors give 3 sizes x 3 aspect ratios = 9 .*; state anchorSizes and aspectRatios/,
    );
    await expect(loadModelConfig(join(folder, 'alone.pth'), { ...architecture, anchorsPerCell: 3 })).rejects.toThrow(
      /alone\.json: the weights have 3 anchors per cell/,
    );
  });

  it('that leave anchors to the defaults for another number of levels', async () => {
    const levels = ['P3', 'P4', 'P5', 'P6'];
    expect(await refusal({}, { levels })).toMatch(
      /the weights have 4 pyramid levels .*default anchors are for 5; state/,
    );
    const { config } = await load({ anchorSizes: [32, 64, 128] }, { levels });
    expect([config.anchorSizes.length, config.aspectRatios.length]).toEqual([4, 4]);
    expect(
      (await load({ anchorSizes: [8, 16, 32, 64], aspectRatios: [1] }, { levels, anchorsPerCell: 1 })).config
        .anchorSizes,
    ).toEqual([[8], [16], [32], [64]]);
  });

  it('that are no text or no file', async () => {
    await writeFile(card, Buffer.from([0x7b, 0xff, 0x7d]));
    await expect(readModelCard(card)).rejects.toThrow(/is not valid UTF-8 text/);
    await mkdir(join(folder, 'folder.json'));
    await expect(readModelCard(join(folder, 'folder.json'))).rejects.toThrow(/is not a regular file/);
    await writeFile(card, '[]');
    await expect(readModelCard(card)).rejects.toThrow(/model\.json: the model card must be an object, found \[\]/);
  });
});
