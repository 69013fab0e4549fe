import * as vscode from 'vscode';
import type { IssueKind } from '../../protocol/analysis';
import type { CategoryTotal } from '../../protocol/dataset';
import { plainText } from '../labelFiles/markdownText';
import { filterText, withPart, type ExplorerFilter } from './explorerFilter';
import { issueKindTitle } from './explorerText';

export interface FilterChoices {
  readonly categories: readonly CategoryTotal[];
  readonly kinds: readonly { readonly kind: IssueKind; readonly issues: number }[];
  readonly levels: readonly string[];
}

interface FilterItem extends vscode.QuickPickItem {
  readonly filter?: ExplorerFilter;
}

/**
 * Asks what the lists are to be narrowed to: a class, a kind of suspicion, a level, or any text as a part of image
 * names. What is chosen is added to the filter, or takes the place of its like.
 * @returns undefined when the user thinks better of it
 */
export function pickFilter(current: ExplorerFilter, choices: FilterChoices): Promise<ExplorerFilter | undefined> {
  const { t } = vscode.l10n;
  const picker = vscode.window.createQuickPick<FilterItem>();
  picker.title = t('Filter the Loss Explorer');
  picker.placeholder = t('A class, a kind of label error, or a part of an image’s name');
  picker.matchOnDescription = true;
  const fixed = [...removals(current), ...offers(current, choices)];
  const show = (text: string) => {
    const image = text.trim();
    const named: FilterItem = {
      label: `$(file-media) ${t('Images named “{0}”', plainText(image))}`,
      filter: withPart(current, 'image', image),
      alwaysShow: true,
    };
    picker.items = image === '' ? fixed : [...fixed, named];
  };
  show('');
  return new Promise(resolve => {
    picker.onDidChangeValue(show);
    picker.onDidAccept(() => {
      resolve(picker.selectedItems[0]?.filter);
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}

/** The parts of the filter that holds, to be taken out of it. */
function removals(current: ExplorerFilter): FilterItem[] {
  const { t } = vscode.l10n;
  const parts = Object.keys(current) as (keyof ExplorerFilter)[];
  return parts.map(part => ({
    label: `$(close) ${escapedIcons(filterText({ [part]: current[part] }, t))}`,
    description: t('remove from the filter'),
    filter: withPart(current, part, undefined),
  }));
}

function offers(current: ExplorerFilter, { categories, kinds, levels }: FilterChoices): FilterItem[] {
  const { t } = vscode.l10n;
  const group = (label: string, items: readonly FilterItem[]): FilterItem[] =>
    items.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items];
  const classes = categories.map(({ name, labels }) => ({
    label: `$(symbol-enum-member) ${escapedIcons(name)}`,
    description: t('{0} labels', labels.toLocaleString()),
    filter: withPart(current, 'category', name),
  }));
  const suspected = kinds.map(({ kind, issues }) => ({
    label: `$(warning) ${issueKindTitle(kind, t)}`,
    description: issues.toLocaleString(),
    filter: withPart(current, 'kind', kind),
  }));
  const places = levels.map(level => ({
    label: `$(layers) ${escapedIcons(level)}`,
    description: t('its background, and images by its loss'),
    filter: withPart(current, 'level', level),
  }));
  return [
    ...group(t('suspected label errors'), suspected),
    ...group(t('classes'), classes),
    ...group(t('levels'), places),
  ];
}

/** A name of a data set is no icon. */
function escapedIcons(name: string): string {
  return plainText(name).replaceAll('$(', '$\u200b(');
}
