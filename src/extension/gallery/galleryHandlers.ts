import * as vscode from 'vscode';
import { CancelledError } from '../../common/errors';
import type { Handlers } from '../../common/messageHandler';
import type { GalleryMethods } from '../../protocol/gallery';
import { commandIds } from '../commandIds';
import type { LensTarget } from '../lensTarget';
import { revealLabel } from '../revealLabel';
import type { GalleryCrops } from './galleryCrops';
import type { GalleryData } from './galleryData';
import type { GalleryFixes } from './galleryFixes';
import type { GalleryTriage } from './galleryTriage';

export interface GalleryParts {
  readonly data: GalleryData;
  readonly crops: GalleryCrops;
  readonly triage: GalleryTriage;
  readonly fixes: Pick<GalleryFixes, 'locate'>;
  /** Shows an image's lens, and in it a label or a place. */
  showInLens(image: vscode.Uri, target: LensTarget): Promise<void>;
  /** Shows what went wrong in an action. */
  onError(error: unknown): void;
}

/** Answers to the gallery's page. What goes wrong in an action is shown by the window, not by the page. */
export function galleryHandlers(parts: GalleryParts): Handlers<GalleryMethods> {
  const { data, crops, triage, fixes } = parts;
  const acted = async (act: () => Promise<boolean>): Promise<boolean> => {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof CancelledError)) parts.onError(error);
      return false;
    }
  };
  const onIssue = (
    { revision, key }: { revision: number; key: string },
    act: (found: NonNullable<Awaited<ReturnType<GalleryData['issueOf']>>>) => Promise<boolean>,
  ) =>
    acted(async () => {
      const found = await data.issueOf(revision, key);
      return found === undefined ? false : act(found);
    });
  const command = async (id: string) => {
    await vscode.commands.executeCommand(id);
    return null;
  };
  return {
    getState: () => data.value,
    sections: params => data.sections(params),
    rows: (params, { signal }) => data.rows(params, signal),
    triageStates: ({ revision, keys }) => data.triageStates(revision, keys),
    crop: ({ revision, key, size, heat }, { signal }) => {
      const { dataset, row } = data.item(revision, key);
      return crops.crop(dataset, row, { size, heat, version: String(revision), signal });
    },
    details: ({ revision, key }, { signal }) => data.details(revision, key, signal),
    applyFix: ({ fix, ...item }) =>
      onIssue(item, async ({ dataset, issue }) =>
        triage.applyFix(dataset, await data.imageOf(dataset, issue.image), issue, fix),
      ),
    confirm: item => onIssue(item, ({ issue }) => triage.confirm(issue)),
    dismiss: item => onIssue(item, ({ issue }) => triage.dismiss(issue)),
    markFixed: item => onIssue(item, ({ issue }) => triage.markFixed(issue)),
    restore: item => onIssue(item, ({ issue }) => triage.restore(issue)),
    undo: () => acted(() => triage.undo()),
    openInLens: async ({ revision, key }) => {
      await acted(async () => {
        const { row } = data.item(revision, key).row;
        const id = 'label' in row ? row.label : null;
        const find =
          id === null ? {} : { find: (labels: readonly { id: string }[]) => labels.findIndex(l => l.id === id) };
        await parts.showInLens(vscode.Uri.file(row.image), { bbox: row.bbox, ...find });
        return true;
      });
      return null;
    },
    goToLabel: async ({ revision, key }) => {
      await acted(async () => {
        const { dataset, row: content } = data.item(revision, key);
        if (content.type === 'place') return false;
        const { row } = content;
        if (row.label === null || row.source === undefined) return false;
        const image = await data.imageOf(dataset, row.image);
        // Fixes move what stands behind them.
        const known = { id: row.label, category: row.category, bbox: row.bbox };
        await revealLabel((await fixes.locate(dataset, image, known)) ?? row.source);
        return true;
      });
      return null;
    },
    analyzeDataset: () => command(commandIds.analyzeDataset),
    chooseDataset: () => command(commandIds.chooseDataset),
    openSample: () => command(commandIds.openSample),
  };
}
