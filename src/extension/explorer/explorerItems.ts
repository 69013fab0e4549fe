import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { XywhBox } from '../../common/boxes';
import { formatShare } from '../../protocol/breakdownSentence';
import type { DatasetRunState } from '../../protocol/dataset';
import { commandIds } from '../commandIds';
import type { Engine } from '../engine';
import { markdownText, plainText } from '../labelFiles/markdownText';
import { lossText, unitText } from '../labelFiles/numbers';
import type { Translate } from '../labelFiles/translate';
import { readSettings } from '../settings';
import { nodeId, type ExplorerNode, type RowNode } from './explorerNodes';
import { boxText, issueKindTitle } from './explorerText';

const cropBounds = { width: 320, height: 240 };

/** How nodes of the tree look. Names come from data sets: they are shown as plain text only. */
export class ExplorerItems {
  constructor(private readonly engine: Engine) {}

  /** @param scope nodes of another scope are others: what was expanded in one says nothing about the other */
  of(node: ExplorerNode, scope: string): vscode.TreeItem {
    const item = isRow(node) ? rowItem(node) : groupItem(node);
    item.id = `${scope} ${nodeId(node)}`;
    return item;
  }

  /** Adds the tooltip, a picture of the place among it, once it is asked for. */
  async withTooltip(
    item: vscode.TreeItem,
    node: ExplorerNode,
    token: vscode.CancellationToken,
  ): Promise<vscode.TreeItem> {
    if (!isRow(node) || node.type === 'failed') return item;
    const markdown = new vscode.MarkdownString(tooltipLines(node).join('\n\n'));
    const picture = await this.picture(node, token).catch(() => undefined);
    if (picture !== undefined) markdown.appendMarkdown(`\n\n![](${picture})`);
    item.tooltip = markdown;
    return item;
  }

  private async picture(
    node: Exclude<RowNode, { type: 'failed' }>,
    token: vscode.CancellationToken,
  ): Promise<string | undefined> {
    const abort = new AbortController();
    const listener = token.onCancellationRequested(() => abort.abort());
    try {
      const image = imageOf(node);
      const box: XywhBox = node.type === 'image' ? [0, 0, node.row.width, node.row.height] : node.row.bbox;
      const outlines = node.type === 'image' ? [] : [{ bbox: box, color: '#ffcc00', dashed: false }];
      const { maxPixels } = readSettings(vscode.Uri.file(image));
      const request = { image, maxPixels, box, bounds: cropBounds, outlines };
      return (await this.engine.client.request('cropImage', request, { signal: abort.signal })).uri;
    } finally {
      listener.dispose();
    }
  }
}

export function isRow(node: ExplorerNode): node is RowNode {
  return 'row' in node;
}

/** The image that a row is about. */
export function imageOf(node: RowNode): string {
  return node.type === 'image' || node.type === 'failed' ? node.row.file : node.row.image;
}

function groupItem(node: Exclude<ExplorerNode, RowNode>): vscode.TreeItem {
  const { t } = vscode.l10n;
  const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
  switch (node.type) {
    case 'filter': {
      const item = new vscode.TreeItem(t('Only'), None);
      item.description = node.isEmpty ? t('{0}: nothing found', node.text) : node.text;
      item.iconPath = new vscode.ThemeIcon('filter-filled');
      item.contextValue = 'filter';
      item.tooltip = t('The lists show {0} only.', node.text);
      item.command = { command: commandIds.filterRows, title: t('Filter') };
      return item;
    }
    case 'unfinished': {
      const { run, done } = node;
      const item = new vscode.TreeItem(unfinishedTitles[run.state](t), None);
      const counts = [Math.min(done, run.images), run.images].map(count => count.toLocaleString());
      item.description = t('{0} of {1} images: select to continue', ...counts);
      item.iconPath = new vscode.ThemeIcon('debug-continue');
      item.tooltip = t('What has been analyzed is kept. Analyze Dataset goes on from there.');
      item.command = { command: commandIds.analyzeDataset, title: t('Continue') };
      return item;
    }
    case 'issueKinds': {
      const item = new vscode.TreeItem(t('Suspected Label Errors'), Expanded);
      item.description = node.kinds.reduce((sum, { issues }) => sum + issues, 0).toLocaleString();
      item.iconPath = new vscode.ThemeIcon('warning');
      if (node.notes.length > 0) item.tooltip = node.notes.map(note => plainText(note, 1000)).join('\n\n');
      return item;
    }
    case 'categories': {
      const item = new vscode.TreeItem(t('Classes'), Collapsed);
      item.description = String(node.overview.categories.length);
      item.iconPath = new vscode.ThemeIcon('symbol-class');
      return item;
    }
    case 'list': {
      const item = new vscode.TreeItem(node.title, node.expanded === true ? Expanded : Collapsed);
      if (node.count !== undefined) item.description = node.count.toLocaleString();
      const icon = node.list.of === 'issues' ? undefined : listIcons[node.list.of];
      if (icon !== undefined) item.iconPath = new vscode.ThemeIcon(icon);
      return item;
    }
    case 'category': {
      const item = new vscode.TreeItem(plainText(node.total.name), Collapsed);
      item.description = t('{0} of the loss, {1} labels', formatShare(node.share), node.total.labels.toLocaleString());
      item.iconPath = new vscode.ThemeIcon('symbol-enum-member');
      return item;
    }
    case 'more': {
      const item = new vscode.TreeItem(t('Show More...'), None);
      item.command = { command: commandIds.loadMoreRows, title: t('Show More'), arguments: [node] };
      return item;
    }
  }
}

const unfinishedTitles: Readonly<Record<DatasetRunState, (t: Translate) => string>> = {
  running: t => t('Run Interrupted'),
  cancelled: t => t('Run Cancelled'),
  failed: t => t('Run Failed'),
  done: t => t('Run Done'),
};

const listIcons = {
  labels: 'tag',
  images: 'file-media',
  places: 'flame',
  uncovered: 'circle-slash',
  failed: 'error',
  confirmed: 'verified',
  settled: 'archive',
} as const;

function rowItem(node: RowNode): vscode.TreeItem {
  const { label, description } = rowText(node);
  const item = new vscode.TreeItem(plainText(label), vscode.TreeItemCollapsibleState.None);
  item.description = description;
  item.contextValue = rowContext(node);
  if (node.type === 'failed') item.tooltip = plainText(node.row.error, 1000);
  item.command = { command: commandIds.openRow, title: vscode.l10n.t('Open in Lens'), arguments: [node] };
  return item;
}

/** What menus go by: `row`, then what can be done with it. */
function rowContext(node: RowNode): string {
  if (node.type === 'failed') return 'failed';
  const source = (node.type === 'issue' || node.type === 'label') && node.row.source !== undefined ? '.source' : '';
  if (node.type !== 'issue') return `row${source}`;
  if (node.settled !== undefined) return `row${source}.settled`;
  return `row${source}${node.confirmed === undefined ? '.open' : '.confirmed'}`;
}

/** What was made of a suspicion. */
function decidedText({ settled, confirmed }: Extract<RowNode, { type: 'issue' }>): string | undefined {
  const { t } = vscode.l10n;
  if (settled !== undefined) {
    return settled.state === 'fixed' ? t('Marked as fixed') : t('Dismissed: {0}', settled.reason);
  }
  if (confirmed === undefined) return undefined;
  return confirmed.reason === '' ? t('Confirmed') : t('Confirmed: {0}', confirmed.reason);
}

function rowText(node: RowNode): { label: string; description: string } {
  const { t } = vscode.l10n;
  switch (node.type) {
    case 'issue': {
      const { category, suggestedCategory, score, image } = node.row;
      const name =
        category !== null && suggestedCategory !== null && category !== suggestedCategory
          ? `${category} → ${suggestedCategory}`
          : (category ?? suggestedCategory ?? t('object'));
      const about = [node.settled === undefined ? unitText(score) : undefined, decidedText(node), basename(image)];
      const texts = about.flatMap(text => (text === undefined ? [] : [plainText(text)]));
      return { label: name, description: texts.join(' · ') };
    }
    case 'label':
      return {
        label: `${node.row.category} #${node.row.label}`,
        description: `${lossText(node.row.loss)} · ${plainText(basename(node.row.image))}`,
      };
    case 'image': {
      const { name, part, loss, labels, split } = node.row;
      // Data sets without splits have none here.
      const texts = [
        lossText(part ?? loss),
        t('{0} labels', labels),
        ...(split === undefined ? [] : [plainText(split)]),
      ];
      return { label: name, description: texts.join(' · ') };
    }
    case 'place':
      return {
        label: t('{0} at p_t {1}', node.row.category, unitText(node.row.pt)),
        description: `${lossText(node.row.focal)} · ${plainText(basename(node.row.image))}`,
      };
    case 'failed':
      return { label: basename(node.row.file), description: plainText(node.row.error) };
  }
}

function tooltipLines(node: Exclude<RowNode, { type: 'failed' }>): string[] {
  const { t } = vscode.l10n;
  const at = (bbox: XywhBox) => boxText(bbox, t);
  switch (node.type) {
    case 'issue':
      return [
        ...[issueKindTitle(node.row.kind, t), decidedText(node)].flatMap(text => (text ? [markdownText(text)] : [])),
        ...[markdownText(node.row.evidence, 1000), at(node.row.bbox)],
      ];
    case 'label': {
      const { classification, boxRegression, anchors, meanPt, bestIou, bbox } = node.row;
      const matched =
        anchors === 0
          ? t('No anchor matches; the best has IoU {0}.', unitText(bestIou))
          : t('{0} anchors, mean p_t {1}', anchors, meanPt === null ? '–' : unitText(meanPt));
      return [
        t('Classification loss {0}, box loss {1} (sums)', lossText(classification), lossText(boxRegression)),
        matched,
        at(bbox),
      ];
    }
    case 'image': {
      const { classification, boxRegression, foreground, labels, detections, part } = node.row;
      return [
        ...(part === undefined
          ? []
          : [t('Focal loss of the level or group in the filter: {0} (raw sum)', lossText(part))]),
        t('Classification loss {0}, box loss {1}', lossText(classification), lossText(boxRegression)),
        t('{0} labels, {1} detections, {2} foreground anchors', labels, detections, foreground),
      ];
    }
    case 'place':
      return [
        t(
          'Nothing is labeled here: {0} background anchors carry a focal loss of {1}.',
          node.row.anchors,
          lossText(node.row.focal),
        ),
        at(node.row.bbox),
      ];
  }
}
