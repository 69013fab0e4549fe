import { UserError } from '../../common/errors';
import type { ModelConfig } from '../types';
import type { LocatedCard } from './card';
import { cocoColumns } from './cocoColumns';

const background = '__background__';

/**
 * Names and category ids by class column, and the categories that the card assigns itself.
 * @param columns class columns of the weights, the background column included
 * @throws UserError when the card's lists have another length, or where it assigns a category a column that is none
 */
export function resolveClasses({ card, where }: LocatedCard, columns: number): ClassColumns & { notes: string[] } {
  const { notes, ...named } = namedColumns({ card, where }, columns);
  const { categories } = card;
  if (categories === undefined) return { ...named, notes };
  const at = where('categories');
  const categoryColumns = Object.entries(categories).map(
    ([category, value]) => [category, assignedColumn(category, value, named.classes, at)] as const,
  );
  return { ...named, categoryColumns, notes };
}

type ClassColumns = Pick<ModelConfig, 'classes' | 'classesNamed' | 'categoryIds' | 'categoryColumns'>;

/** The class column that the card's `categories` gives a category: by the column's name or number, null for none. */
function assignedColumn(
  category: string,
  value: string | number | null,
  classes: readonly string[],
  where: string,
): number {
  if (value === null) return -1;
  const column = typeof value === 'number' ? value : classes.indexOf(value);
  const given = `categories gives ${shown(category)} the class column ${typeof value === 'number' ? value : shown(value)}`;
  if (column < 0 || column >= classes.length) {
    const remedy =
      typeof value === 'number'
        ? `the columns are numbered 0 to ${classes.length - 1}`
        : `name one of the classes, or give the column's number, 0 to ${classes.length - 1}`;
    throw new UserError(`${given}, which the model does not have`, { where, remedy });
  }
  if (isBackground(classes[column])) {
    throw new UserError(`${given}, which is the background`, {
      where,
      remedy: 'write null for a category that the model does not know',
    });
  }
  return column;
}

function shown(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 59)}…` : name);
}

function namedColumns({ card, where }: LocatedCard, columns: number): ClassColumns & { notes: string[] } {
  const { classes, categoryIds } = card;
  const notes: string[] = [];
  if (categoryIds) {
    checkLength(where('categoryIds'), 'categoryIds', 'ids', categoryIds, columns, categoryIds[0] === null, 'null');
    const ids = categoryIds.filter(id => id !== null);
    const twice = ids.find((id, index) => ids.indexOf(id) !== index);
    if (twice !== undefined) {
      throw new UserError(`categoryIds names category ${twice} for two class columns`, {
        where: where('categoryIds'),
        remedy: 'give each column its own category id, or null',
      });
    }
  }
  if (classes) {
    checkLength(where('classes'), 'classes', 'names', classes, columns, isBackground(classes[0]), `"${background}"`);
    // torchvision's own COCO names repeat "N/A" for unused columns.
    const twice = classes.find((name, index) => name !== 'N/A' && classes.indexOf(name) !== index);
    if (twice !== undefined) {
      notes.push(`The model card names several class columns ${JSON.stringify(twice)}; the first one is met by name.`);
    }
    return { classes, classesNamed: true, categoryIds, notes };
  }
  if (columns === cocoColumns.length) {
    notes.push(
      `No class names are stated; the weights have ${columns} class columns like torchvision's COCO weights, so COCO's names are assumed.`,
    );
    return { classes: cocoColumns, classesNamed: true, categoryIds, notes };
  }
  const numbered = Array.from({ length: columns }, (_, column) => (column === 0 ? background : `class ${column}`));
  return { classes: numbered, classesNamed: false, categoryIds, notes };
}

function checkLength(
  where: string,
  key: string,
  items: string,
  list: readonly unknown[],
  columns: number,
  startsWithBackground: boolean,
  backgroundEntry: string,
): void {
  if (list.length === columns) return;
  const remedy =
    list.length === columns - 1 && !startsWithBackground
      ? `torchvision's num_classes counts the background as column 0: put ${backgroundEntry} first`
      : list.length === columns + 1 && startsWithBackground
        ? `the model was built without a background column: leave out ${backgroundEntry}`
        : `torchvision's num_classes counts the background as column 0: list one entry per column, ${columns} in all`;
  throw new UserError(`${key} has ${list.length} ${items} but the weights have ${columns} class columns`, {
    where,
    remedy,
  });
}

export function isBackground(name: string | undefined): boolean {
  return name !== undefined && /^_*(background|bg)_*$/i.test(name);
}
