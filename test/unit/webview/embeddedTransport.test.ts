import { describe, expect, it } from 'vitest';
import { embedAnalysis } from '../../../src/engine/report/embedAnalysis';
import { lensImage } from '../../../src/webview/lens/lensImage';
import { embeddedTransport } from '../../../src/webview/transport/embeddedTransport';
import { cellSlide, syntheticAnalysis } from '../helpers/syntheticAnalysis';

describe('a report’s data', async () => {
  const analysis = syntheticAnalysis(cellSlide());
  const embedded = await embedAnalysis('t', 'data:,', analysis);
  const json = JSON.stringify([embedded]);

  it('arrives with the same columns, byte for byte', async () => {
    const { state, revision } = await embeddedTransport(json).request('getState', undefined);
    if (state.kind !== 'ready') throw new Error(state.kind);
    expect(revision).toBe(1);
    expect(Buffer.from(state.analysis.columns).equals(Buffer.from(analysis.columns))).toBe(true);
    expect(lensImage('t', 'data:,', state.analysis).columns.focal).toEqual(
      lensImage('t', 'data:,', analysis).columns.focal,
    );
  });

  it('goes from image to image, and stays at either end', async () => {
    const transport = embeddedTransport(JSON.stringify(['a', 'b'].map(title => ({ ...embedded, title }))));
    const announced: number[] = [];
    transport.onStateChanged(revision => announced.push(revision));
    const shown = async () => {
      const { state } = await transport.request('getState', undefined);
      return state.kind === 'ready' ? { title: state.title, place: state.place } : state.kind;
    };
    expect(await shown()).toEqual({ title: 'a', place: { index: 0, count: 2 } });
    for (const direction of [-1, 1, 1] as const) await transport.request('showNeighbor', { direction });
    expect(await shown()).toEqual({ title: 'b', place: { index: 1, count: 2 } });
    expect(announced).toEqual([2]);
  });

  it('answers nothing else', async () => {
    const transport = embeddedTransport(json);
    expect(transport.hosted).toBe(false);
    await expect(transport.request('inspectAnchor', { revision: 1, anchor: 0 })).rejects.toThrow('inspectAnchor');
  });

  it('says of damaged data that it is damaged, and of which image', async () => {
    const { columns } = embedded.analysis;
    for (const damaged of [columns.slice(0, 4000), `AAAA${columns.slice(4)}`, '', '%']) {
      const broken = JSON.stringify([{ ...embedded, analysis: { ...embedded.analysis, columns: damaged } }]);
      const { state } = await embeddedTransport(broken).request('getState', undefined);
      expect(state).toEqual({
        kind: 'failed',
        title: 't',
        message: 'the data of this image is damaged; export the report again',
      });
    }
  });

  it('is refused when columns and anchors do not belong together', () => {
    expect(() => lensImage('t', '', { ...analysis, columns: analysis.columns.slice(43) })).toThrow(RangeError);
  });
});
