import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { EngineClient } from '../../../src/extension/engineClient';
import { defaultBands } from '../../../src/protocol/analysis';
import { Call, Global, pickleBytes } from '../checkpoint/pickleBytes';
import { TorchFile } from '../checkpoint/torchFile';
import { bundle, bundleEnvironment } from '../helpers/bundles';
import { safetensorsBytes, writeSafetensors, type WrittenTensor } from '../helpers/safetensors';
import { temporaryFolder } from '../helpers/temporaryFolder';
import { tinyStateDict, writeTinyModel, writeTinyScene } from '../helpers/tinyModel';
import { focalLens } from './inProcess';

const folder = await temporaryFolder();
const good = await writeTinyModel(folder);
const scene = await writeTinyScene(folder);
const proof = join(folder, 'executed');
const maxPixels = 1e8;

interface BadCase {
  readonly name: string;
  /** What differs from good input. */
  readonly given: { model?: string; card?: string; image?: string; labels?: string };
  /** The file that the message has to name, with the place in it. */
  readonly where: string;
  readonly message: RegExp;
}

const cases: BadCase[] = [
  ...(await badCheckpoints()),
  ...(await badCards()),
  ...(await badImages()),
  ...(await badLabels()),
];

async function place(name: string, content: Uint8Array | string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
}

async function badCheckpoints(): Promise<BadCase[]> {
  const bytes = safetensorsBytes(tinyStateDict());
  const attack = new Call(new Global('os', 'system'), [`touch ${proof}`]);
  const torch = new TorchFile();
  const tensors = new Map([...tinyStateDict()].map(([key, { data }]) => [key, torch.tensor(data)] as const));
  const archive = torch.bytes(tensors);
  const checkpoint = (name: string, model: string, message: RegExp, where = model): BadCase => ({
    name,
    given: { model },
    where,
    message,
  });
  const changed = async (name: string, change: (tensors: Map<string, WrittenTensor>) => void) => {
    const { checkpoint: file } = await writeTinyModel(folder, { name, change });
    return file;
  };
  const logits = 'head.classification_head.cls_logits.weight';
  const classifier = join(folder, 'classifier.safetensors');
  await writeSafetensors(
    classifier,
    new Map([
      ['conv1.weight', { shape: [8, 3, 7, 7], data: new Float32Array(8 * 3 * 49) }],
      ['layer1.0.conv1.weight', { shape: [8, 8, 3, 3], data: new Float32Array(8 * 8 * 9) }],
      ['fc.weight', { shape: [10, 8], data: new Float32Array(80) }],
    ]),
  );
  return [
    checkpoint('a missing checkpoint', join(folder, 'none.pth'), /no such checkpoint file; check the path/),
    checkpoint('a folder as checkpoint', folder, /is a folder, not a checkpoint file/),
    checkpoint('an empty checkpoint', await place('empty.pth', ''), /empty/),
    checkpoint(
      'a text file as checkpoint',
      await place('notes.pth', 'These are not weights.\n'),
      /is a text file, not a checkpoint/,
    ),
    checkpoint(
      'an image as checkpoint',
      await place('picture.pth', await readFile(scene.image)),
      /is neither a torch checkpoint nor a saf.* 89 50 4e 47/,
    ),
    checkpoint(
      'truncated safetensors',
      await place('cut.safetensors', bytes.subarray(0, bytes.length >> 1)),
      /tensor backbone\S+: its data ends at byte \d+ of \d+: the file is cut off; copy/,
    ),
    checkpoint(
      'a safetensors header beyond the file',
      await place('long.safetensors', Buffer.alloc(64, 255)),
      /is neither a torch checkpoint nor a saf.* ff ff ff ff/,
    ),
    checkpoint(
      'a truncated archive',
      await place('cut.pth', archive.subarray(0, archive.length >> 1)),
      /the zip archive is cut off or damaged: .*[^.]; copy or download it again/,
    ),
    checkpoint('a pickle that calls os.system', await place('attack.pth', torch.bytes(attack)), /os\.system/),
    checkpoint(
      'a bare pickle that calls os.system',
      await place('legacy.pth', pickleBytes(attack)),
      /is a bare Python pickle, not a torch checkpoint; load it in Python/,
    ),
    checkpoint('an image classifier', classifier, /expected a torchvision RetinaNet/),
    checkpoint(
      'a tensor of the wrong shape',
      await changed('shape', tensors => tensors.set(logits, { shape: [36, 8, 3, 3], data: new Float32Array(2592) })),
      /cls_logits\.weight.*\[36, 8, 3, 3\]/,
    ),
    checkpoint('a missing tensor', await changed('missing', tensors => tensors.delete(logits)), /cls_logits\.weight/),
    checkpoint(
      'NaN weights',
      await changed('nan', tensors => tensors.get(logits)?.data.fill(NaN as never)),
      /cls_logits\.weight.*NaN|NaN.*cls_logits\.weight/,
    ),
    checkpoint(
      'finite weights that overflow',
      await changed('huge', tensors => tensors.get(logits)?.data.fill(1e38 as never)),
      /class logits that the network gives are not finite \(first: (?:-?Infinity|NaN) at P3.*check the checkpoint/,
      scene.image,
    ),
  ];
}

async function badCards(): Promise<BadCase[]> {
  const card = async (name: string, text: string, message: RegExp, line?: number): Promise<BadCase> => {
    const file = await place(`${name.replaceAll(' ', '-')}.card.json`, text);
    return { name, given: { card: file }, where: line === undefined ? file : `${file}:${line}`, message };
  };
  return [
    {
      name: 'a missing card',
      given: { card: join(folder, 'none.json') },
      where: join(folder, 'none.json'),
      message: /no such file; check the path of the model card/,
    },
    await card(
      'a card that is no JSON',
      '{\n  "minSize": 12,\n  oops\n}',
      /:3:3: is not valid JSON: invalid symbol; correct the file/,
      3,
    ),
    await card('a card with an unknown key', '{\n  "minsize": 12\n}', /minsize.*minSize/, 2),
    await card('a card with too few classes', '{\n  "classes": ["a", "b"]\n}', /2.*4|4.*2/, 2),
    await card('a card with a text for a number', '{\n  "fgIou": "high"\n}', /fgIou.*number/, 2),
    await card('a card that takes all memory', '{ "minSize": 1e9, "maxSize": 1e9 }', /minSize|maxSize/),
  ];
}

async function badImages(): Promise<BadCase[]> {
  const image = (name: string, file: string, message: RegExp): BadCase => ({
    name,
    given: { image: file },
    where: file,
    message,
  });
  const png = await readFile(scene.image);
  const huge = join(folder, 'huge.png');
  await sharp({ create: { width: 30_000, height: 30_000, channels: 3, background: '#888' }, limitInputPixels: false })
    .png({ compressionLevel: 1 })
    .toFile(huge);
  return [
    image('a missing image', join(folder, 'none.png'), /the image file does not exist/),
    image('a zero-byte image', await place('zero.png', ''), /empty|0 bytes|zero/),
    image(
      'a text file as image',
      await place('text.png', 'no pixels here'),
      /not an image of a known format; .*convert/,
    ),
    image(
      'a truncated image',
      await place('cut.png', png.subarray(0, png.length >> 1)),
      /damaged or incomplete: .*; replace the file/,
    ),
    image(
      'corrupt pixels',
      await place(
        'corrupt.png',
        png.map((byte, i) => (i > 200 && i < 400 ? byte ^ 255 : byte)),
      ),
      /damaged or incomplete: .*; replace the file/,
    ),
    image('an image of 30,000 x 30,000 pixels', huge, /30000 x 30000.*--max-pixels/),
  ];
}

async function badLabels(): Promise<BadCase[]> {
  const labels = async (name: string, file: string, text: string, line: number | undefined, message: RegExp) => {
    const labelFile = await place(file, text);
    return {
      name,
      given: { labels: labelFile },
      where: line === undefined ? labelFile : `${labelFile}:${line}`,
      message,
    };
  };
  return [
    {
      name: 'a missing label file',
      given: { labels: join(folder, 'none.xml') },
      where: join(folder, 'none.xml'),
      message: /no such file; check the path/,
    },
    await labels(
      'malformed XML',
      'bad.xml',
      '<annotation>\n  <object>\n</annotation>\n',
      3,
      /is not well-formed XML: Missing end tag for element object; correct/,
    ),
    await labels(
      'malformed JSON',
      'bad.json',
      '{ "images": [\n  { "id": 1, \n',
      3,
      /is not valid JSON: the file ends inside a value; correct/,
    ),
    await labels(
      'a VOC file without a readable object',
      'boxless.xml',
      '<annotation>\n  <object><name>disc</name></object>\n</annotation>\n',
      2,
      /object 1 is left out: "disc" has no <bndbox>: none of the image's entries can be read; correct the file/,
    ),
    await labels(
      'JSON of another kind',
      'other.json',
      '{ "hello": "world" }',
      undefined,
      /is no COCO label file: it has the keys "hello"/,
    ),
  ];
}

describe('the command line', () => {
  it.each(cases)('ends with one line and status 1 for $name', async ({ given, where, message }) => {
    const { image = scene.image, model = good.checkpoint, labels = scene.labels, card } = given;
    const argv = ['analyze', image, '--model', model, '--labels', labels, '--runtime', 'cpu', '--json'];
    const { status, out, err } = await focalLens(card === undefined ? argv : [...argv, '--card', card]);
    expect([status, out]).toEqual([1, '']);
    expect(err).toMatch(/^focal-lens: [^\n]+\n$/);
    expect(err).not.toContain('internal error');
    expect(err).toContain(`focal-lens: ${where}`);
    expect(err).toMatch(message);
  });

  it('reads a YOLO file around its malformed lines and names them', async () => {
    const place = join(folder, 'yolo');
    await mkdir(join(place, 'images'), { recursive: true });
    await mkdir(join(place, 'labels'));
    const image = join(place, 'images', 'scene.png');
    await copyFile(scene.image, image);
    const text = '0 0.25 0.28 0.26 0.36\n1 0.5 oops 0.2 0.2\n2 0.7 0.1\n';
    await writeFile(join(place, 'labels', 'scene.txt'), text);
    await writeFile(join(place, 'data.yaml'), 'train: images\nnames: [disc, square, ring]\n');
    const { status, out, err } = await focalLens([
      'analyze',
      image,
      '--model',
      good.checkpoint,
      '--runtime',
      'cpu',
      '--json',
    ]);
    expect(status).toBe(0);
    const { labels, notes } = JSON.parse(out) as { labels: { category: string }[]; notes: string[] };
    expect(labels.map(label => label.category)).toEqual(['disc']);
    for (const line of [2, 3]) {
      expect(notes.join('\n')).toContain(`scene.txt:${line}: `);
      // A program may well pass over the notes.
      expect(err).toMatch(new RegExp(`^focal-lens: .*scene\\.txt:${line}: line ${line} is left out: `, 'm'));
    }
    expect(err.split('\n')).toHaveLength(3);
  });

  it('analyses a JPEG with damage in its middle and says so', async () => {
    const bytes = await sharp(scene.image).jpeg({ quality: 95 }).toBuffer();
    const image = await place('damaged.jpg', bytes.fill(0xff, bytes.length >> 1, (bytes.length >> 1) + 40));
    const argv = ['analyze', image, '--model', good.checkpoint, '--labels', scene.labels, '--runtime', 'cpu', '--json'];
    const { status, out } = await focalLens(argv);
    expect(status).toBe(0);
    const { notes } = JSON.parse(out) as { notes: string[] };
    expect(notes).toContainEqual(
      expect.stringMatching(/^The image's data is damaged \(Corrupt JPEG data: [^)]+\): pixels may be wrong\.$/),
    );
  });

  it('executed nothing', () => {
    expect(existsSync(proof)).toBe(false);
  });
});

describe('the engine', async () => {
  const enginePath = await bundle('engine', folder);
  const client = new EngineClient({
    enginePath,
    env: bundleEnvironment,
    onLog: () => undefined,
    onExit: () => undefined,
  });
  afterAll(() => client.dispose());
  const request = ({ image, model, labels, card }: BadCase['given']) =>
    client.request('analyzeImage', {
      model: { checkpoint: model ?? good.checkpoint, runtime: 'cpu', ...(card === undefined ? {} : { card }) },
      image: image ?? scene.image,
      labels: labels ?? scene.labels,
      bands: defaultBands,
      maxPixels,
    });

  it('lives through all of it and works as before', async () => {
    const before = await request({});
    const { pid } = client;
    for (const { given, where, message } of cases) {
      const error = await request(given).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toMatchObject({ name: 'UserError', message: expect.stringMatching(message) as string });
      expect((error as { where: string }).where).toContain(where);
    }
    const after = await request({});
    expect(client.pid).toBe(pid);
    expect(after.analysis.loss).toEqual(before.analysis.loss);
    expect(existsSync(proof)).toBe(false);
  });
});
