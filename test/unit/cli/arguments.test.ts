import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../../src/cli/arguments';
import { UsageError } from '../../../src/cli/usage';

const complete =
  'analyze a.png --model w.pth --card c.json --labels l --runtime cpu --tensorflow t --max-pixels 12 --json --anchors o.parquet --report o.html';

describe('parseArguments', () => {
  it('reads every option', () => {
    expect(parseArguments(complete.split(' '))).toEqual({
      kind: 'analyze',
      arguments: {
        image: 'a.png',
        model: 'w.pth',
        card: 'c.json',
        labels: 'l',
        runtime: 'cpu',
        tensorFlow: 't',
        maxPixels: 12,
        json: true,
        anchors: 'o.parquet',
        report: 'o.html',
      },
    });
  });

  it('fills in what is left out', () => {
    expect(parseArguments(['analyze', '--model=w.pth', 'a.png'])).toMatchObject({
      arguments: { runtime: 'auto', json: false, maxPixels: 100_000_000, card: undefined, labels: undefined },
    });
  });

  it('takes a path that begins with a dash after --', () => {
    expect(parseArguments(['analyze', '--model', 'w.pth', '--', '-a.png'])).toMatchObject({
      arguments: { image: '-a.png' },
    });
  });

  it.each([
    ['--help', 'help'],
    ['-h', 'help'],
    ['analyze --help', 'help'],
    ['--version', 'version'],
  ])('knows %s', (line, kind) => {
    expect(parseArguments(line.split(' '))).toEqual({ kind });
  });

  it.each([
    ['', 'no command given'],
    ['analyse a.png --model w', 'unknown command "analyse"'],
    ['analyze --model w', 'needs an IMAGE'],
    ['analyze a.png', 'needs --model'],
    ['analyze a.png b.png --model w', 'one IMAGE, found 2'],
    ['analyze a.png --model w --frob', '--frob'],
    ['analyze a.png --model', '--model'],
    ['analyze a.png --model w --json=yes', '--json'],
    ['analyze a.png --model w --runtime gpu', '--runtime is "gpu", expected one of auto, cpu'],
    ['analyze a.png --model w --max-pixels 1e99', '--max-pixels is "1e99"'],
    ['analyze a.png --model w --max-pixels -5', '--max-pixels'],
    ['analyze a.png --model w --max-pixels=1.5', '--max-pixels is "1.5"'],
    ['analyze a.png --model w --report=', '--report is empty'],
    ['analyze a.png --model w --report ./a.png', '--report would overwrite the image'],
    ['analyze a.png --model w --anchors o --report o', '--report would overwrite the anchors'],
  ])('refuses "%s"', (line, message) => {
    const call = () => parseArguments(line === '' ? [] : line.split(' '));
    expect(call).toThrow(UsageError);
    expect(call).toThrow(message);
  });
});
