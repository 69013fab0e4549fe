import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveSettingPath } from '../../../src/extension/settingPath';

const folders = { workspace: join('/', 'data', 'set'), home: join('/', 'home', 'ada') };

describe('resolveSettingPath', () => {
  it.each([
    ['', undefined],
    ['   ', undefined],
    ['/models/a.pth', '/models/a.pth'],
    ['models/a.pth', '/data/set/models/a.pth'],
    ['./models/../a.pth', '/data/set/a.pth'],
    ['~/a.pth', '/home/ada/a.pth'],
    ['~', '/home/ada'],
    ['~ada/a.pth', '/data/set/~ada/a.pth'],
    ['${workspaceFolder}/a.pth', '/data/set/a.pth'],
    ['a~/b.pth', '/data/set/a~/b.pth'],
  ])('%j means %j', (text, expected) => {
    expect(resolveSettingPath(text, folders)).toBe(expected);
  });

  it('inserts folder names as they are, dollar signs included', () => {
    expect(resolveSettingPath('${workspaceFolder}/a', { ...folders, workspace: '/x$&y' })).toBe('/x$&y/a');
  });

  it('starts relative paths at the home folder where no folder is open', () => {
    expect(resolveSettingPath('a.pth', { ...folders, workspace: undefined })).toBe('/home/ada/a.pth');
  });
});
