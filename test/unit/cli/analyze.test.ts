import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { parquetReadObjects } from 'hyparquet';
import { beforeAll, describe, expect, it } from 'vitest';
import { version } from '../../../package.json';
import { allocateAnchorColumns } from '../../../src/protocol/anchorColumns';
import { bundle, bundleEnvironment } from '../helpers/bundles';
import { chromiumPath, collectErrors, launchChromium, webviewBundle } from '../helpers/lensPage';
import { temporaryFolder } from '../helpers/temporaryFolder';
import { writeTinyModel, writeTinyScene } from '../helpers/tinyModel';
import { focalLens } from './inProcess';

const folder = await temporaryFolder();
const model = await writeTinyModel(folder);
const scene = await writeTinyScene(folder);
const base = ['analyze', scene.image, '--model', model.checkpoint, '--labels', scene.labels, '--runtime', 'cpu'];

interface Row {
  level: string;
  y: number;
  x: number;
  anchor: number;
  x1: number;
  y1: number;
  x2: number;
  y2: number;
  state: number;
  label: number;
  iou: number;
  pt: number | null;
  worstClass: number;
  crossEntropy: number;
  focal: number;
}

interface Document {
  image: object;
  input: { paddedWidth: number; paddedHeight: number };
  anchors: {
    total: number;
    foreground: number;
    background: number;
    ignored: number;
    levels: { name: string; grid: [number, number]; stride: [number, number]; count: number; focal: number }[];
  };
  loss: { classification: number; foregroundCount: number };
  breakdown: { focal: number; anchors: number }[];
  labels: { id: string; anchors: number }[];
  notes: string[];
}

async function document(...argv: string[]): Promise<Document> {
  const { status, out, err } = await focalLens([...base, '--json', ...argv]);
  expect([status, err]).toEqual([0, '']);
  return JSON.parse(out) as Document;
}

describe('analyze --json', () => {
  it('prints the documented keys in their order', async () => {
    const { out } = await focalLens([...base, '--json']);
    const keys = (value: object | undefined) => Object.keys(value ?? {}).join(' ');
    const printed = JSON.parse(out) as Record<string, object & Record<string, object[]>>;
    expect(keys(printed)).toBe('image model input anchors loss breakdown labels detections issues milliseconds notes');
    expect(keys(printed.image)).toBe('file width height');
    expect(keys(printed.model)).toBe('architecture parameters classes runtime provider');
    expect(keys(printed.input)).toBe('width height paddedWidth paddedHeight scale');
    expect(keys(printed.anchors)).toBe('total foreground background ignored levels');
    expect(keys(printed.anchors?.levels?.[0])).toBe('name stride grid count foreground focal crossEntropy');
    expect(keys(printed.loss)).toBe('gamma alpha classification boxRegression boxLoss foregroundCount');
    expect(keys((printed.breakdown as object[] | undefined)?.[0])).toBe(
      'group anchors anchorShare crossEntropy crossEntropyShare focal focalShare',
    );
    expect(keys((printed.labels as object[] | undefined)?.[0])).toBe(
      'id category bbox anchors bestIou meanPt minPt classification boxRegression bestDetection',
    );
    expect(keys((printed.detections as object[] | undefined)?.[0])).toBe('bbox category column score');
    expect(keys(printed.milliseconds)).toBe('decode prepare forward analyse total');
    expect(printed.image).toEqual({ file: scene.image, width: 160, height: 120 });
  });

  it('holds sums that agree with each other', async () => {
    const { anchors, loss, breakdown, labels } = await document();
    expect(anchors.foreground + anchors.background + anchors.ignored).toBe(anchors.total);
    expect(sum(anchors.levels.map(level => level.count))).toBe(anchors.total);
    expect(sum(breakdown.map(row => row.anchors))).toBe(anchors.total);
    expect(sum(labels.map(label => label.anchors))).toBe(anchors.foreground);
    const total = loss.classification * loss.foregroundCount;
    expect(sum(anchors.levels.map(level => level.focal)) / total).toBeCloseTo(1, 6);
    expect(sum(breakdown.map(row => row.focal)) / total).toBeCloseTo(1, 6);
  });

  it('says when no labels were found', async () => {
    const place = join(folder, 'bare');
    await mkdir(place);
    const { image } = await writeTinyScene(place, { name: 'bare' });
    await writeFile(join(place, 'bare.xml'), '');
    const { status, out, err } = await focalLens(['analyze', image, '--model', model.checkpoint, '--runtime', 'cpu']);
    // An empty label file is malformed, not absent.
    expect([status, out]).toEqual([1, '']);
    expect(err).toContain('bare.xml');
  });
});

describe('analyze --anchors', () => {
  it('writes a row per anchor that agrees with the document', async () => {
    const file = join(folder, 'anchors.parquet');
    const { anchors, loss, input } = await document('--anchors', file);
    const bytes = await readFile(file);
    const rows = (await parquetReadObjects({ file: exactBuffer(bytes) })) as unknown as Row[];
    expect(rows).toHaveLength(anchors.total);
    expect(Object.keys(rows[0] ?? {}).join(' ')).toBe(
      'level y x anchor x1 y1 x2 y2 state label iou pt worstClass crossEntropy focal',
    );
    for (const [state, count] of [
      [1, anchors.foreground],
      [0, anchors.background],
      [-2, anchors.ignored],
    ]) {
      expect(rows.filter(row => row.state === state)).toHaveLength(count ?? NaN);
    }
    expect(sum(rows.map(row => row.focal)) / (loss.classification * loss.foregroundCount)).toBeCloseTo(1, 5);
    expect(rows.every(row => (row.pt === null) === (row.state === -2))).toBe(true);
    expect(rows.every(row => row.state !== 1 || row.label >= 0)).toBe(true);

    let index = 0;
    for (const { name, grid, stride } of anchors.levels) {
      for (let y = 0; y < grid[0]; y++) {
        for (let x = 0; x < grid[1]; x++) {
          for (let anchor = 0; anchor < 9; anchor++) {
            const row = rows[index++];
            if (row === undefined) throw new Error('too few rows');
            expect([row.level, row.y, row.x, row.anchor]).toEqual([name, y, x, anchor]);
            expect([(row.x1 + row.x2) / 2, (row.y1 + row.y2) / 2]).toEqual([x * stride[1], y * stride[0]]);
          }
        }
      }
    }
    expect(input.paddedWidth).toBeGreaterThan(0);
  });

  it('refuses a folder that does not exist before it runs the model', async () => {
    const { status, out, err } = await focalLens([...base, '--model', 'no.pth', '--anchors', join(folder, 'no', 'a')]);
    expect([status, out]).toEqual([1, '']);
    expect(err).toMatch(/^focal-lens: .*no.a: the folder .* does not exist; create it or choose another\n$/);
  });
});

describe('analyze --report', () => {
  const hostile = `</script><img src=x onerror=alert(1)><!--`;
  let html = '';
  beforeAll(async () => {
    const place = join(folder, 'hostile');
    await mkdir(place);
    await writeFile(join(place, 'webview.js'), 'const end = "</script><!--";\n//# sourceMappingURL=webview.js.map\n');
    await writeFile(join(place, 'webview.css'), 'body { content: "</style>" }');
    const named = await writeTinyModel(place, { classes: ['__background__', hostile, 'square', 'ring'] });
    const shown = await writeTinyScene(place, { labels: [{ category: hostile, box: [20, 12, 61, 55] }] });
    const report = join(place, 'report.html');
    const argv = ['analyze', shown.image, '--model', named.checkpoint, '--runtime', 'cpu', '--report', report];
    const { status, err } = await focalLens(argv, place);
    expect([status, err]).toEqual([0, '']);
    html = await readFile(report, 'utf8');
  });

  it('holds no markup from data and ends its scripts where it should', () => {
    expect(html.match(/<\/script/gi)).toHaveLength(2);
    expect(html.match(/<\/style/gi)).toHaveLength(1);
    expect(html).not.toContain('<img');
    expect(html).not.toContain('<!--');
    expect(html).not.toContain('sourceMappingURL');
    const page = html.replace(/(id="focal-lens-data">).*?(<\/script>)/s, '$1$2');
    expect(page).not.toMatch(/(src|href)=|https?:/);
  });

  it('tells nothing of where things lie', () => {
    expect(html).toContain('"file":"scene.xml"');
    expect(html).toContain('"file":"tiny.safetensors"');
    expect(html).not.toContain(folder);
  });

  it('embeds the analysis, the columns and the image', async () => {
    const json = /<script type="application\/json" id="focal-lens-data">(.*?)<\/script>/s.exec(html)?.[1] ?? '';
    const images = JSON.parse(json) as [
      {
        title: string;
        imageUri: string;
        analysis: { anchors: { total: number }; columns: string; labels: { category: string }[] };
      },
    ];
    expect(images).toHaveLength(1);
    const [data] = images;
    expect(data.title).toBe('scene.png');
    expect(data.analysis.labels[0]?.category).toBe(hostile);
    const { columns, anchors } = data.analysis;
    const { length } = gunzipSync(Buffer.from(columns, 'base64'));
    expect(length).toBe(allocateAnchorColumns(anchors.total).byteLength);
    const [head, image] = data.imageUri.split(',');
    expect(head).toBe('data:image/png;base64');
    expect(Buffer.from(image ?? '', 'base64')).toEqual(await readFile(join(folder, 'hostile', 'scene.png')));
  });

  it.skipIf(chromiumPath === undefined)(
    'opens in a browser without running what the data says (needs Chromium)',
    async () => {
      const place = join(folder, 'hostile');
      const app = await webviewBundle();
      await writeFile(join(place, 'webview.js'), app.script);
      await writeFile(join(place, 'webview.css'), app.style);
      const report = join(place, 'opened.html');
      const argv = ['--model', join(place, 'tiny.safetensors'), '--runtime', 'cpu', '--report', report];
      expect(await focalLens(['analyze', join(place, 'scene.png'), ...argv], place)).toMatchObject({ status: 0 });
      const browser = await launchChromium();
      try {
        const page = await browser.newPage();
        const errors = collectErrors(page);
        const asked: string[] = [];
        page.on('request', request => asked.push(request.url().slice(0, 40)));
        page.on('dialog', dialog => {
          errors.push(dialog.message());
          void dialog.dismiss();
        });
        await page.goto(pathToFileURL(report).href);
        await page.getByText('easy negatives').first().waitFor();
        expect(await page.locator('body').innerText()).toContain('onerror=alert(1)');
        expect(errors).toEqual([]);
        expect(asked.filter(url => !url.startsWith('data:'))).toHaveLength(1);
      } finally {
        await browser.close();
      }
    },
  );

  it('says so when the app is not built', async () => {
    const { status, err } = await focalLens([...base, '--report', join(folder, 'r.html')], join(folder, 'nowhere'));
    expect(status).toBe(1);
    expect(err).toMatch(/^focal-lens: .*webview\.js: the report needs .*\n$/);
    expect(await readdir(folder)).not.toContain('r.html');
  });
});

describe('the summary', () => {
  it('tells the losses, the groups, the levels and the labels', async () => {
    const { status, out, err } = await focalLens(base);
    expect([status, err]).toEqual([0, '']);
    const { loss } = await document();
    expect(out).toContain(`classification ${loss.classification.toPrecision(5)}`);
    for (const words of ['background/easy', 'ignored', 'P3', 'P7', 'easy negatives', 'scene.xml:4', 'total']) {
      expect(out).toContain(words);
    }
    expect([...out].filter(character => character < ' ' && character !== '\n')).toEqual([]);
  });
});

describe('dist/cli.js', () => {
  const place = join(folder, 'bundle');
  const environment = { ...process.env, ...bundleEnvironment };
  let cli = '';
  beforeAll(async () => {
    await mkdir(place);
    cli = await bundle('cli', place);
  });
  const run = (...argv: string[]) =>
    spawnSync(process.execPath, [cli, ...argv], { env: environment, encoding: 'utf8' });

  it('prints its version and its help without loading anything native', () => {
    const bare = (...argv: string[]) =>
      spawnSync(process.execPath, [cli, ...argv], { env: { PATH: process.env.PATH }, encoding: 'utf8' });
    expect(bare('--version')).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
    expect(bare('--help')).toMatchObject({ status: 0, stderr: '' });
    expect(bare('--help').stdout).toContain('Usage: focal-lens analyze IMAGE --model');
  });

  it('keeps standard output to the document and ends with status 0', () => {
    const { status, stdout, stderr } = run(...base, '--json');
    expect([status, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ image: { width: 160 } });
  });

  it('ends with status 2 and one line on wrong usage, 1 and one line on failure', () => {
    expect(run('frob')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/^focal-lens: unknown command "frob", [^\n]*; see focal-lens --help\n$/) as string,
    });
    const failed = run('analyze', 'no.png', '--model', model.checkpoint, '--json', '--runtime', 'cpu');
    expect([failed.status, failed.stdout]).toEqual([1, '']);
    expect(failed.stderr).toMatch(/^focal-lens: .*no\.png: [^\n]+\n$/);
  });

  it('does not mind a reader that leaves', async () => {
    const child = spawn(process.execPath, [cli, ...base, '--json'], { env: environment });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const [status] = (await once(child, 'close')) as [number];
    expect([status, stderr]).toEqual([0, '']);
  });
});

const real = '../shared/data/bccd/JPEGImages/BloodImage_00007.jpg';
const realModel = '../shared/models/bccd_retinanet_r18.pth';

describe.skipIf(!existsSync(real) || !existsSync(realModel))(
  'a trained model on a real image (needs ../shared)',
  () => {
    it('gives the losses of torchvision', async () => {
      const { out, err } = await focalLens(['analyze', real, '--model', realModel, '--runtime', 'cpu', '--json']);
      expect(err).toBe('');
      expect(JSON.parse(out)).toMatchObject({
        image: { file: expect.stringContaining(basename(real)) as string },
        anchors: {
          total: 15354,
          foreground: 575,
          ignored: 1007,
          levels: [
            [32, 40],
            [16, 20],
            [8, 10],
            [4, 5],
            [2, 3],
          ].map(grid => ({ grid })),
        },
        loss: {
          classification: expect.closeTo(0.2378277, 5) as number,
          boxRegression: expect.closeTo(0.3038324, 5) as number,
        },
      });
    });
  },
);

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function exactBuffer(bytes: Buffer): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
