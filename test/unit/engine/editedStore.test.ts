import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { galleryQueries } from '../../../src/engine/store/galleryQueries';
import { labelFactsQueries } from '../../../src/engine/store/labelFactsQueries';
import { RanksMemory } from '../../../src/engine/store/lossRanks';
import { openWritable, readStore } from '../../../src/engine/store/storeFile';
import { storeQueries } from '../../../src/engine/store/storeQueries';
import { temporaryFolder } from '../helpers/temporaryFolder';

const folder = await temporaryFolder();
const store = join(folder, 'edited.sqlite');
const image = join(folder, 'a.png');

/** A store that other hands have written words into that we do not know: a suspicion, a reason, a run's state. */
beforeAll(async () => {
  const written = await openWritable(store, { fresh: true });
  written.database.exec(`
    INSERT INTO properties VALUES ('root', '.');
    INSERT INTO categories (id, name) VALUES (1, 'boat');
    INSERT INTO runs VALUES (1, '', NULL, 'paused', '', '', '', 1, '[]', '', '', '', '[]', 2, 0.25, 'l1', 0.9, 0.5, 1, 1, 0, 0, 1);
    INSERT INTO images VALUES (1, 'a.png', 'a', NULL, 'k', '', NULL, 640, 480, 9, 9, 9, 0, 1, 0, 2, 0, 0, 0, 0, 0, '[]');
    INSERT INTO labels VALUES (1, 1, '7', 1, 1, 2, 3, 4, NULL, 5, 5, 0, 0.7, 'shy', 0.5, 0.1, 1, 0, 1, NULL, NULL, NULL,
      NULL, NULL, NULL, NULL, NULL, NULL);
    INSERT INTO issues VALUES (1, 1, 'haunted', 0.9, 1, 1, 2, 3, 4, 'boat', NULL, NULL, NULL, NULL, NULL, 'because'),
      (2, 1, 'badBox', 0.8, 1, 1, 2, 3, 4, 'boat', NULL, NULL, NULL, NULL, NULL, 'because');`);
  written.close();
});

describe('a store edited by other hands', () => {
  it('is read as far as its words are known', async () => {
    await readStore(store, database => {
      const { storedImage, storedIssues, issueCounts, issuesOfImages, labelStanding, datasetOverview } = storeQueries;
      const { gallerySections, galleryRows } = galleryQueries;
      const whole = { source: 'issues', store } as const;
      const [facts] = labelFactsQueries(new RanksMemory()).storedFacts(database, folder, {
        ...{ store, images: [image], maxLabels: 10, ranked: false },
      });
      const overview = datasetOverview(database, folder, { store });
      const kindsOf = (issues: readonly { readonly kind?: string }[] | undefined) => issues?.map(({ kind }) => kind);
      const stored = storedImage(database, folder, { store, image });
      for (const issues of [
        stored?.issues,
        storedIssues(database, folder, { store, limit: 10 }).rows,
        issueCounts(database, folder, { store, filter: {} }),
        issuesOfImages(database, folder, { store, images: [image] })[0]?.issues,
        labelStanding(database, folder, { store, image, label: '7' })?.issues,
        overview.issues,
        facts?.issues,
        gallerySections(database, folder, { ...whole, group: 'kind' }),
        galleryRows(database, folder, { ...whole, sort: 'score', offset: 0, limit: 10 }).map(
          ({ row }) => row as object,
        ),
      ]) {
        expect(kindsOf(issues)).toEqual(['badBox']);
      }
      expect(gallerySections(database, folder, { ...whole, group: 'none' })).toEqual([{ count: 1 }]);
      expect([stored?.labels[0]?.uncovered, facts?.labels[0]?.uncovered]).toEqual(['none', 'none']);
      expect(overview.run?.state).toBe('failed');
    });
  });
});
