import { throwIfCancelled } from '../../common/errors';
import { categoryMatcher, isPlaceholder, mapClasses } from '../../analysis/classMapping';
import type { Dataset, DatasetCategory } from '../../dataset/dataset';
import { openDataset } from '../../dataset/openDataset';
import { cardFileOf, loadModelConfig } from '../../model/modelCard';
import type { ClassMappingRequest, DatasetClassMapping } from '../../protocol/classMapping';
import { architectureOf } from './architectureOf';

/** Labels are counted for no longer than this, milliseconds: their number only helps to see which classes matter. */
const countingTime = 2_000;

/**
 * How the classes of a data set are matched with a model's columns at the moment.
 * @throws UserError where data set, weights or card are unfit
 */
export async function readClassMapping(
  { model, dataset: path, format }: ClassMappingRequest,
  signal?: AbortSignal,
): Promise<DatasetClassMapping> {
  const architecture = await architectureOf(model.checkpoint);
  const { config, cardFile } = await loadModelConfig(model.checkpoint, architecture, model.card);
  const dataset = await openDataset(path, { signal, ...(format && { format }) });
  const stated = uniqueByName(await dataset.categories({ ...(signal && { signal }) }));
  const { labels, images, others } = await countLabels(dataset, signal);
  const categories = uniqueByName([...stated, ...others]);
  const described = { format: dataset.format, labels: [], categories };
  const matchOf = categoryMatcher(described, config, []);
  const automaticOf = categoryMatcher(described, { ...config, categoryColumns: undefined }, []);
  return {
    dataset: dataset.path,
    format: dataset.format,
    checkpoint: model.checkpoint,
    card: cardFile ?? model.card ?? cardFileOf(model.checkpoint),
    hasCard: cardFile !== undefined,
    classesNamed: config.classesNamed,
    columns: config.classes.map((name, column) => ({
      name,
      // Unnamed columns start with background, as torchvision's do.
      isPlaceholder: isPlaceholder(name) || (!config.classesNamed && column === 0),
    })),
    categories: categories.map(category => ({
      name: category.name,
      id: category.id,
      labels: labels.get(category.name) ?? 0,
      ...matchOf(category),
      automatic: automaticOf(category),
    })),
    counted: { images, of: dataset.imageCount },
    notes: mapClasses(described, config).notes,
  };
}

function uniqueByName(categories: readonly DatasetCategory[]): DatasetCategory[] {
  const byName = new Map<string, DatasetCategory>();
  for (const category of categories) if (!byName.has(category.name)) byName.set(category.name, category);
  return [...byName.values()];
}

/** Labels by category name, in as many images as the time allows. */
async function countLabels(dataset: Dataset, signal: AbortSignal | undefined) {
  const labels = new Map<string, number>();
  const others: DatasetCategory[] = [];
  const end = performance.now() + countingTime;
  let images = 0;
  for await (const image of dataset.images({ ...(signal && { signal }) })) {
    throwIfCancelled(signal);
    // What is wrong with a label file is said when it is analysed. Sizes do not matter to classes.
    const read = await dataset.labelsOf(image, { width: 1, height: 1 }).catch(() => undefined);
    for (const { category: name, categoryId: id } of read?.labels ?? []) {
      if (!labels.has(name)) others.push({ name, id });
      labels.set(name, (labels.get(name) ?? 0) + 1);
    }
    images++;
    if (performance.now() > end) break;
  }
  return { labels, images, others };
}
