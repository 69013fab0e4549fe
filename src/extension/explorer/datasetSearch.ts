import { discoverDatasets, outermostDataset, type Discovery, type FoundDataset } from '../../dataset/discoverDatasets';

/** The data sets found in the folders of a workspace. */
export interface DatasetSearch extends Discovery {
  /** The only one, or the one that all others lie in: it is taken without asking. */
  readonly outermost: FoundDataset | undefined;
}

/** @throws CancelledError once `signal` is aborted */
export async function searchDatasets(folders: readonly string[], signal?: AbortSignal): Promise<DatasetSearch> {
  const found = await Promise.all(folders.map(folder => discoverDatasets(folder, { signal })));
  const datasets = found.flatMap(discovery => discovery.datasets);
  return {
    datasets,
    reached: [...new Set(found.flatMap(({ reached }) => reached))],
    outermost: outermostDataset(datasets),
  };
}
