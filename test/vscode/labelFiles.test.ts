import assert from 'node:assert/strict';
import { copyFile, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Session, type Profiler } from 'node:inspector/promises';
import * as vscode from 'vscode';
import { commandIds } from '../../src/extension/commandIds';
import { report } from './report';
import { accepted, closeLenses, commandLine, configure, eventually, extension, workspaceFile } from './support';

/** Class index, corners: the third one is flipped, the fourth lies on the second. */
const boxes = [
  [0, 20, 12, 61, 55],
  [1, 70, 40, 150, 110],
  [2, 116, 19, 100, 4],
  [1, 71, 41, 151, 111],
] as const;
const names = ['disc', 'square', 'ring'];
const [width, height] = [160, 120];

const vocText = [
  '<annotation>',
  `\t<size><width>${width}</width><height>${height}</height></size>`,
  ...boxes.flatMap(([category, x1, y1, x2, y2]) => [
    '\t<object>',
    `\t\t<name>${names[category]}</name>`,
    `\t\t<bndbox><xmin>${x1}</xmin><ymin>${y1}</ymin><xmax>${x2}</xmax><ymax>${y2}</ymax></bndbox>`,
    '\t</object>',
  ]),
  '</annotation>',
  '',
].join('\r\n');

const yoloText = boxes
  .map(([category, x1, y1, x2, y2]) => {
    const numbers = [(x1 + x2) / 2 / width, (y1 + y2) / 2 / height, (x2 - x1) / width, (y2 - y1) / height];
    return `${category} ${numbers.join(' ')}\n`;
  })
  .join('');

const annotations = boxes.map(([category, x1, y1, x2, y2], i) => {
  const bbox = [x1, y1, x2 - x1, y2 - y1].join(', ');
  return `{"id": ${i + 5}, "image_id": 3, "category_id": ${category + 1}, "bbox": [${bbox}], "iscrowd": 0}`;
});
const cocoText = (before = '', count = 0) => `{
  "images": [
    {"id": 3, "file_name": "scene.png", "width": ${width}, "height": ${height}}
  ],
  "categories": [${names.map((name, i) => `{"id": ${i + 1}, "name": "${name}"}`).join(', ')}],
  "annotations": [
    ${before.repeat(count)}${annotations.join(',\n    ')}
  ]
}
`;

interface Format {
  readonly name: string;
  readonly labels: vscode.Uri;
  readonly image: vscode.Uri;
  readonly text: string;
  /** The text of the duplicate and what goes with it. */
  readonly duplicate: string;
}

const place = (...path: string[]) => workspaceFile('labelFiles', ...path);
const formats = (): Format[] => [
  {
    name: 'Pascal VOC',
    labels: place('voc', 'Annotations', 'scene.xml'),
    image: place('voc', 'JPEGImages', 'scene.png'),
    text: vocText,
    duplicate: vocText.split('\r\n').slice(14, 18).join('\r\n') + '\r\n',
  },
  {
    name: 'YOLO',
    labels: place('yolo', 'labels', 'scene.txt'),
    image: place('yolo', 'images', 'scene.png'),
    text: yoloText,
    duplicate: `${yoloText.split('\n')[3]}\n`,
  },
  {
    name: 'COCO',
    labels: place('coco', 'labels.json'),
    image: place('coco', 'scene.png'),
    text: cocoText(),
    duplicate: `,\n    ${annotations[3]}`,
  },
];

async function write(uri: vscode.Uri, text: string): Promise<void> {
  await mkdir(dirname(uri.fsPath), { recursive: true });
  await writeFile(uri.fsPath, text);
}

async function shown(uri: vscode.Uri): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(uri);
}

/** What Focal Lens says at the first place of a text in a document. */
async function hoverAt(document: vscode.TextDocument, needle: string): Promise<string> {
  const position = document.positionAt(document.getText().indexOf(needle) + 1);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    position,
  );
  const texts = hovers.flatMap(({ contents }) => contents).map(content => (content as vscode.MarkdownString).value);
  return texts.filter(text => /command:focalLens|edited after/.test(text)).join('\n');
}

async function lensesOf(uri: vscode.Uri): Promise<vscode.Command[]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri);
  return lenses.flatMap(({ command }) => command ?? []).filter(({ command }) => command.startsWith('focalLens.'));
}

async function analyze(uri: vscode.Uri): Promise<void> {
  const lens = await eventuallyAsync('a lens to analyze', async () =>
    (await lensesOf(uri)).find(({ command }) => command === commandIds.analyzeLabelImage),
  );
  await vscode.commands.executeCommand(lens.command, ...((lens.arguments as unknown[] | undefined) ?? []));
}

async function eventuallyAsync<T>(what: string, read: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + 120_000; Date.now() < end;) {
    const value = await read();
    if (value !== undefined) return value;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  return assert.fail(`${what}: not within 30 s`);
}

function problems(uri: vscode.Uri, code?: string): vscode.Diagnostic[] {
  const own = vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Focal Lens');
  return own.filter(diagnostic => code === undefined || diagnostic.code === code);
}

async function problem(uri: vscode.Uri, code: string): Promise<vscode.Diagnostic> {
  return eventually(`the problem ${code}`, () => problems(uri, code)[0]);
}

async function fixes(uri: vscode.Uri, { range }: vscode.Diagnostic): Promise<vscode.CodeAction[]> {
  return vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    uri,
    range,
    vscode.CodeActionKind.QuickFix.value,
    20,
  );
}

/** The fix of a problem, once the list has followed the last edit. */
async function fix(uri: vscode.Uri, code: string, title: string): Promise<vscode.CodeAction> {
  return eventuallyAsync(`the fix "${title}" of ${code}`, async () =>
    (await fixes(uri, await problem(uri, code))).find(candidate => candidate.title.startsWith(title)),
  );
}

async function applyFix(uri: vscode.Uri, code: string, title: string): Promise<void> {
  const action = await fix(uri, code, title);
  assert.ok(action.edit, `the fix "${title}" of ${code} has no edit`);
  assert.ok(await vscode.workspace.applyEdit(action.edit));
}

async function profiled(run: () => Promise<void>): Promise<Profiler.Profile> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
    await run();
    return (await session.post('Profiler.stop')).profile;
  } finally {
    session.disconnect();
  }
}

/** Milliseconds with a script on the stack: in all, and the most in one go. */
function timeIn({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile, script: string) {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map(child => [child, id] as const)));
  const scripts = new Map(nodes.map(({ id, callFrame }) => [id, callFrame.url]));
  const isIn = (id: number | undefined): boolean =>
    id !== undefined && ((scripts.get(id) ?? '').endsWith(script) || isIn(parents.get(id)));
  let [total, longest, stretch] = [0, 0, 0];
  samples.forEach((id, i) => {
    const milliseconds = (timeDeltas[i] ?? 0) / 1000;
    stretch = isIn(id) ? stretch + milliseconds : 0;
    if (stretch > 0) total += milliseconds;
    longest = Math.max(longest, stretch);
  });
  return { total, longest };
}

describe('label files', () => {
  before(async () => {
    await extension().activate();
    await configure('labelFiles.minimumScore', 0);
    for (const { labels, image, text } of formats()) {
      await write(labels, text);
      await mkdir(dirname(image.fsPath), { recursive: true });
      await copyFile(workspaceFile('scene.png').fsPath, image.fsPath);
    }
    await write(place('yolo', 'data.yaml'), `path: .\ntrain: images\nval: images\nnames: [${names.join(', ')}]\n`);
  });
  after(async () => {
    await closeLenses();
    await configure('labelFiles.minimumScore', undefined);
    await rm(place().fsPath, { recursive: true, force: true });
  });

  for (const [index, name] of ['Pascal VOC', 'YOLO', 'COCO'].entries()) {
    const format = () => formats()[index] ?? assert.fail();
    const firstLabel = () => [/<object>/, /0 0/, /"bbox"/][index]?.exec(format().text)?.[0] ?? '';

    describe(name, () => {
      after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

      it('offer to analyze the image of a label, and then say what the command line says', async () => {
        const { labels, image } = format();
        const { document } = await shown(labels);
        assert.match(await hoverAt(document, firstLabel()), /not been analyzed/);
        await analyze(labels);
        const hover = await eventuallyAsync('the label being known', async () => {
          const text = await hoverAt(document, firstLabel());
          return text.includes('Focal loss') ? text : undefined;
        });
        const model = workspaceFile('models', 'tiny.safetensors').fsPath;
        const printed = (await commandLine(
          'analyze',
          image.fsPath,
          '--model',
          model,
          '--runtime',
          'cpu',
          '--json',
        )) as {
          labels: { classification: number; anchors: number }[];
        };
        const [first] = printed.labels;
        assert.ok(hover.includes(`Focal loss **${first?.classification.toPrecision(3)}**`), hover.slice(0, 300));
        assert.ok(hover.includes(`${first?.anchors} anchors matched`));
        assert.match(hover, /!\[[^\]]*\]\(data:image\/webp;base64,/);
        // Commands of ours with numbers of ours, and no others.
        for (const [, link] of hover.matchAll(/\]\((command:[^)]*)\)/g)) {
          assert.match(decodeURIComponent(link ?? ''), /^command:focalLens\.labelFiles\.\w+\?\[\d+\]$/);
        }
        assert.match((await lensesOf(labels)).map(({ title }) => title).join(), /loss .* 4 labels/);
      });

      it('list what is wrong at the place it is written', async () => {
        const { labels } = format();
        const { document } = await shown(labels);
        const degenerate = await problem(labels, 'degenerate');
        assert.equal(degenerate.severity, vscode.DiagnosticSeverity.Warning);
        const text = document.getText(degenerate.range);
        assert.match(text, [/<bndbox><xmin>116<\/xmin>/, /0\.675 /, /^\[116, 19, -16, -15\]$/][index] ?? /^$/);
        const duplicate = await problem(labels, 'duplicate');
        assert.equal(duplicate.relatedInformation?.[0]?.location.uri.fsPath, labels.fsPath);
        assert.ok(problems(labels).every(({ severity }) => severity !== vscode.DiagnosticSeverity.Error));
        // An object without label stands where the image is named, or where the file of one image begins.
        for (const { range } of problems(labels, 'missing')) {
          assert.match(document.getText(range), [/^<annotation>$/, /^0 /, /^"file_name": "scene.png"$/][index] ?? /^$/);
        }
      });

      it('keep their places while the text is edited, and say nothing of a label that was', async () => {
        const { labels, text } = format();
        const { document } = await shown(labels);
        const before = document.getText((await problem(labels, 'degenerate')).range);
        const edit = async (at: number, length: number, added: string) => {
          const change = new vscode.WorkspaceEdit();
          const range = new vscode.Range(document.positionAt(at), document.positionAt(at + length));
          change.replace(labels, range, added);
          assert.ok(await vscode.workspace.applyEdit(change));
        };
        await edit(0, 0, '\n\n');
        const moved = () => problems(labels, 'degenerate').find(({ range }) => document.getText(range) === before);
        await eventually('the problem moving along', moved);
        assert.match(await hoverAt(document, firstLabel()), /Focal loss/);
        // Inside the label with the problem.
        const inside = document.getText().indexOf(before) + 3;
        await edit(inside, 0, '1');
        await eventually('the problem going', () => problems(labels, 'degenerate').length === 0);
        assert.match(await hoverAt(document, document.getText().slice(inside - 2, inside + 8)), /edited after/);
        await vscode.commands.executeCommand('undo');
        await eventually('the problem coming back', moved);
        await vscode.commands.executeCommand('undo');
        assert.equal(document.getText(), text);
        await document.save();
      });

      it('have fixes that change nothing else, that undo, and that are analyzed once saved', async () => {
        const { labels, text, duplicate } = format();
        const { document } = await shown(labels);
        const whole = text.replaceAll('\r\n', '\n');
        const now = () => document.getText().replaceAll('\r\n', '\n');
        await applyFix(labels, 'duplicate', 'Remove this duplicate');
        // One piece is gone, of the length of a label: either of the two may be the one that is suspected.
        const left = now();
        const same = (i: number, shift: number) => left[i] === whole[i + shift];
        let kept = 0;
        while (kept < left.length && same(kept, 0)) kept++;
        const gone = whole.length - left.length;
        for (let i = kept; i < left.length; i++) assert.ok(same(i, gone), left);
        assert.ok(Math.abs(gone - duplicate.replaceAll('\r\n', '\n').length) <= 16, left);
        await vscode.commands.executeCommand('undo');
        assert.equal(now(), whole);

        await applyFix(labels, 'degenerate', 'Put the corners of the box in order');
        assert.notEqual(now(), whole);
        assert.ok(await document.save());
        await eventually('the analysis without the problem', () => problems(labels, 'degenerate').length === 0);
        await problem(labels, 'duplicate');
        const { labels: read } = (await commandLine(
          'analyze',
          format().image.fsPath,
          ...['--model', workspaceFile('models', 'tiny.safetensors').fsPath, '--runtime', 'cpu', '--json'],
        )) as { labels: { bbox: number[] }[] };
        assert.deepEqual(read[2]?.bbox.map(Math.round), [100, 4, 16, 15]);
        await vscode.commands.executeCommand('undo');
        assert.equal(now(), whole);
        assert.ok(await document.save());
        await problem(labels, 'degenerate');
      });

      it('have no fix that reaches beyond its label or leaves anything behind when undone', async () => {
        const { labels } = format();
        const { document } = await shown(labels);
        await problem(labels, 'duplicate');
        const listed = await Promise.all(problems(labels).map(found => fixes(labels, found)));
        const edits = listed.flat().flatMap(({ title, edit }) => (edit === undefined ? [] : [{ title, edit }]));
        const titles = new Set(edits.map(({ title }) => title.replace(/ to .*|: .*/, '')));
        assert.ok(titles.size >= 3, [...titles].join());
        const before = document.getText();
        for (const { title, edit } of edits) {
          assert.ok(await vscode.workspace.applyEdit(edit));
          const after = document.getText();
          assert.notEqual(after, before, title);
          let [start, end] = [0, 0];
          while (before[start] === after[start]) start++;
          const least = Math.min(before.length, after.length) - start;
          while (end < least && before.at(-1 - end) === after.at(-1 - end)) end++;
          assert.ok(Math.max(before.length, after.length) - start - end < 260, `${title}\n${after}`);
          await vscode.commands.executeCommand('undo');
          assert.equal(document.getText(), before, title);
        }
        assert.equal(await readFile(labels.fsPath, 'utf8'), before);
      });

      it('keep dismissals in a file beside the dataset', async () => {
        const { labels } = format();
        await shown(labels);
        const action = await fix(labels, 'duplicate', 'Dismiss');
        assert.ok(action.command);
        const { command, arguments: values } = action.command;
        const dismissing = vscode.commands.executeCommand(command, ...((values as unknown[] | undefined) ?? []));
        await accepted(dismissing);
        await eventually('the problem going', () => problems(labels, 'duplicate').length === 0);
        const root = place(['voc', 'yolo', 'coco'][index] ?? '', '.focal-lens');
        const file = vscode.Uri.joinPath(root, 'dismissed.json').fsPath;
        const stored = JSON.parse(await readFile(file, 'utf8')) as { dismissed: { kind: string; image: string }[] };
        assert.deepEqual(
          stored.dismissed.map(({ kind }) => kind),
          ['duplicate'],
        );
        assert.match(stored.dismissed[0]?.image ?? '', /^(?:JPEGImages\/|images\/)?scene\.png$/);
        assert.match(await readFile(vscode.Uri.joinPath(root, '.gitignore').fsPath, 'utf8'), /^!dismissed\.json$/m);
        // As when another person's work comes in; again and again, for the folder is new to the watcher of files.
        const end = Date.now() + 120_000;
        while (problems(labels, 'duplicate').length === 0) {
          assert.ok(Date.now() < end, 'the problem does not come back');
          await writeFile(file, '{ "version": 1, "dismissed": [] }\n');
          await new Promise(resolve => setTimeout(resolve, 200));
        }
      });
    });
  }

  it('leave the editor free in a COCO file of 40 MB', async () => {
    const filler = `{"id": 1, "image_id": 9, "category_id": 1, "bbox": [1, 2, 3, 4], "area": 12, "segmentation": [], "iscrowd": 0},\n    `;
    const labels = place('big', 'labels.json');
    await write(labels, cocoText(filler, Math.ceil(40e6 / filler.length)));
    await copyFile(workspaceFile('scene.png').fsPath, place('big', 'scene.png').fsPath);
    const handle = await open(labels.fsPath);
    const { size } = await handle.stat();
    await handle.close();
    assert.ok(size >= 40e6);
    const { document } = await shown(labels);
    const start = performance.now();
    await analyze(labels);
    await problem(labels, 'degenerate');
    report({ type: 'note', text: `40 MB: analyzed by its lens after ${(performance.now() - start).toFixed(0)} ms` });
    const near = document.lineCount - 8;
    const edits = 20;
    const stretches: number[] = [];
    // A stretch goes on while other programs have the processors: the shortest of several longest ones is ours.
    while (stretches.length < 6 && !(Math.min(...stretches) < 50)) {
      const profile = await profiled(async () => {
        for (let i = 0; i < edits; i++) {
          const change = new vscode.WorkspaceEdit();
          change.insert(labels, new vscode.Position(near, 0), ' ');
          assert.ok(await vscode.workspace.applyEdit(change));
        }
        await new Promise(resolve => setTimeout(resolve, 500));
      });
      // VS Code's own extensions read the whole text after each edit: what counts is the time in ours.
      const { total, longest } = timeIn(profile, '/dist/extension.js');
      const text = `an edit costs ${(total / edits).toFixed(1)} ms, ${longest.toFixed(0)} ms at a stretch at most`;
      report({ type: 'note', text: `40 MB: ${text}` });
      stretches.push(longest);
    }
    assert.ok(Math.min(...stretches) < 50, `${stretches.map(ms => ms.toFixed(0)).join(', ')} ms at a stretch`);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });
});
