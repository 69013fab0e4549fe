import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { anchorFile, anchorTable } from '../../../src/engine/anchorTable';
import { anchorColumns } from '../../../src/protocol/anchorColumns';
import { anchorCsv } from '../../../src/protocol/anchorCsv';
import { cellSlide, syntheticAnalysis } from '../helpers/syntheticAnalysis';

const analysis = syntheticAnalysis(cellSlide());

describe('the per-anchor table as CSV', () => {
  it('holds what the Parquet table holds, value for value', async () => {
    const [header = '', ...lines] = anchorCsv(analysis).trimEnd().split('\n');
    const rows = await parquetReadObjects({ file: anchorTable(analysis).slice().buffer });
    expect(lines).toHaveLength(rows.length);
    const names = header.split(',');
    expect(names).toEqual(Object.keys(rows[0] ?? {}));
    rows.forEach((row, i) => {
      const cells = lines[i]?.split(',') ?? [];
      names.forEach((name, column) => {
        const value: unknown = row[name];
        const cell = cells[column] ?? '';
        const same =
          typeof value === 'number' ? Object.is(Math.fround(Number(cell)), Math.fround(value)) : cell === (value ?? '');
        if (!same) throw new Error(`row ${i}, ${name}: ${cell} for ${String(value)}`);
      });
    });
  });

  it('names a label only for foreground anchors', async () => {
    const { state, label } = anchorColumns(analysis.columns);
    const rows = await parquetReadObjects({ file: anchorTable(analysis).slice().buffer });
    const expected = Array.from(state, (value, i) => (value === 1 ? label[i] : -1));
    expect(rows.map(row => row.label as number)).toEqual(expected);
    // The columns themselves name the best label of any anchor.
    expect(expected).not.toEqual([...label]);
    expect(expected.some(value => value >= 0)).toBe(true);
  });

  it('is chosen by the ending of the file', () => {
    expect(anchorFile('a/b.CSV', analysis)).toBe(anchorCsv(analysis));
    expect(anchorFile('a/b.parquet', analysis)).toBeInstanceOf(Uint8Array);
  });
});
