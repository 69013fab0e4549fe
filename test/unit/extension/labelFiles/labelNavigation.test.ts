import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { LabelDocuments } from '../../../../src/extension/labelFiles/labelDocuments';
import { LabelNavigation, type StoredOrder } from '../../../../src/extension/labelFiles/labelNavigation';
import { SessionFacts } from '../../../../src/extension/labelFiles/sessionFacts';
import { label, result } from './support';

const shown = vi.hoisted(() => ({ sources: [] as unknown[], messages: [] as string[] }));

vi.mock('vscode', () => ({
  l10n: { t: (text: string) => text },
  window: { showInformationMessage: (text: string) => shown.messages.push(text) },
}));
vi.mock('../../../../src/extension/revealLabel', () => ({
  revealLabel: (source: unknown) => Promise.resolve(shown.sources.push(source)),
}));

const source = (line: number) => ({ file: '/labels.xml', line, column: 0, start: 0, end: 1 });

function navigation(stored: Awaited<ReturnType<StoredOrder['nextWorst']>>): LabelNavigation {
  const facts = new SessionFacts();
  facts.set(
    result(
      '/a.jpg',
      [3, 1].map((classification, i) => label({ id: String(i), classification, source: source(i) })),
    ),
  );
  const documents = { ofFile: () => undefined } as unknown as LabelDocuments;
  return new LabelNavigation(documents, facts, { nextWorst: () => Promise.resolve(stored) });
}

describe('going to the next worst label', () => {
  const first = { image: '/a.jpg', index: 0 };

  beforeEach(() => {
    shown.sources.length = 0;
    shown.messages.length = 0;
  });

  it('goes by the store, also to an image that nothing is known of here', async () => {
    await navigation({ image: '/far.jpg', index: 4, source: source(40) }).goToNextAfter(first);
    expect(shown.sources).toEqual([source(40)]);
  });

  it('goes by what is known here where no store tells', async () => {
    await navigation(undefined).goToNextAfter(first);
    expect(shown.sources).toEqual([source(1)]);
  });

  it('says where it ends', async () => {
    await navigation('last').goToNextAfter(first);
    await navigation(undefined).goToNextAfter({ image: '/a.jpg', index: 1 });
    expect(shown.sources).toEqual([]);
    expect(shown.messages).toHaveLength(2);
  });
});
