import { UserError } from '../../common/errors';
import type { ModelConfig } from '../types';
import type { LocatedCard } from './card';
import { cocoColumns } from './cocoColumns';

const background = '__background__';

/**
 * Names and category ids by class column.
 * @param columns class columns of the weights, the background column included
 * @throws UserError when the card's lists have another length
 */
export function resolveClasses(
  { card, where }: LocatedCard,
  columns: number,
): Pick<ModelConfig, 'classes' | 'classesNamed' | 'categoryIds'> & { notes: string[] } {
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

function isBackground(name: string | undefined): boolean {
  return name !== undefined && /^_*(background|bg)_*$/i.test(name);
}
