import { expect, it } from 'vitest';
import { printable } from '../../../src/cli/terminal';
import { tableLines } from '../../../src/cli/table';

it('aligns columns, wide characters and combining marks included', () => {
  const lines = tableLines(
    [
      { title: 'name', align: 'left' },
      { title: 'n', align: 'right' },
    ],
    [
      ['血小板', '1'],
      ['e\u0301', '22'],
      ['longer', '333'],
    ],
  );
  expect(lines).toEqual(['name      n', '血小板    1', 'e\u0301        22', 'longer  333']);
});

it('takes away what could steer a terminal', () => {
  expect(printable('a\u001b[31mb\u009b2Jc\r\nd\u202ee')).toBe('a\ufffd[31mb\ufffd2Jc\ufffd\ufffdd\ufffde');
  expect(printable('Zellgröße 血小板')).toBe('Zellgröße 血小板');
});
