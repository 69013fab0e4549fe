import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { breakdownSentence } from '../../protocol/breakdownSentence';
import type { AppActions, AppModel } from '../appModel';
import { comparison } from '../compare';
import type { LensImage } from '../lens/lensImage';
import { ptHistogram } from '../lens/ptHistogram';
import { count, unit } from '../words/format';
import { about } from './about';
import type { AnchorList } from './anchorList';
import { breakdownTable } from './breakdown';
import { classTable } from './classes';
import { lossCurves } from './curves';
import { detectionTable } from './detections';
import { filterBar } from './filterBar';
import { histogram } from './histogram';
import { hottestList } from './hottest';
import { inspection } from './inspection';
import { issueList } from './issues';
import { labelTable } from './labels';
import { levelTable } from './levels';
import { lossSummary } from './lossSummary';
import { noteCount, notes } from './notes';
import { sections } from './parts';

/** Everything beside the picture. Parts redraw only when what they show changes, not with every drag of a slider. */
export function sidePanel(live: LensImage, model: AppModel, actions: AppActions): TemplateResult {
  // What a what-if slider changes follows it where that is quick to draw, and at rest elsewhere.
  const image = model.settled ?? live;
  const { analysis } = image;
  const { scoreThreshold, levelMask, filter, labelOrder, matchColors, toggledSections } = model.view;
  const detected = analysis.detections.filter(detection => detection.score >= scoreThreshold).length;
  const section = sections(model, actions);
  const parts: readonly (readonly [readonly unknown[], () => unknown])[] = [
    [
      [live, model.pinned, model.compared],
      () =>
        model.pinned === undefined || model.compared === undefined
          ? nothing
          : comparison(live, model.pinned, model.compared, actions),
    ],
    [
      [live, model.pinned, model.compared],
      () => (model.pinned === undefined ? nothing : inspection(live, model.pinned, actions)),
    ],
    [[filter], () => filterBar(image, model, actions)],
    [[live], () => opening(live)],
    [
      [live, filter, model.precision],
      () => html`${breakdownTable(live.analysis, filter, actions)} ${lossSummary(live.analysis, model.precision)}`,
    ],
    [[], () => section('hottest', 'Hottest places', hottestList(image, actions))],
    [
      [filter, labelOrder],
      () => section('labels', 'Labels', labelTable(image, model, actions), { badge: count(analysis.labels.length) }),
    ],
    [
      [],
      () =>
        analysis.issues.length === 0
          ? nothing
          : section('issues', 'Label issues', issueList(analysis, actions), { badge: count(analysis.issues.length) }),
    ],
    [
      [scoreThreshold, matchColors],
      () =>
        section('detections', 'Detections', detectionTable(image, model, actions), {
          badge: `${count(detected)} from ${unit(scoreThreshold)}`,
        }),
    ],
    [[live, levelMask], () => section('levels', 'Loss by level', levelTable(live, model, actions))],
    [[filter], () => section('classes', 'Loss by class', classTable(image, model, actions))],
    [[], () => section('histogram', 'Anchors by p_t', histogram(ptHistogram(image.columns), analysis.bands))],
    [[live], () => section('curves', 'Cumulative loss', lossCurves(live.analysis.curves, live.analysis.loss.gamma))],
    [
      [filter, model.pinned],
      () =>
        section(
          'anchors',
          'Anchors',
          html`<focal-anchor-list
            .data=${{ image, passing: image.passing(filter), pinned: model.pinned?.anchor, actions }}
          ></focal-anchor-list>`,
          { copy: () => document.querySelector<AnchorList>('focal-anchor-list')?.copyText() ?? '' },
        ),
    ],
    [
      [],
      () =>
        noteCount(analysis) === 0
          ? nothing
          : section('notes', 'Notes', notes(analysis), { badge: count(noteCount(analysis)) }),
    ],
    [[], () => section('about', 'Model and run', about(analysis))],
  ];
  return html`${parts.map(([dependencies, draw]) => guard([image, toggledSections, ...dependencies], draw))}`;
}

function opening({ analysis }: LensImage): TemplateResult {
  return html`<p class="opening">${emphasised(breakdownSentence(analysis))}</p>
    ${
      analysis.labelFile === undefined
        ? html`<p class="banner" role="status">
            No label file was found for this image, so every anchor counts as background and the losses are divided by
            1.
          </p>`
        : nothing
    }`;
}

/** The sentence with its percentages set in bold and its threshold in one line. */
function emphasised(sentence: string): (string | TemplateResult)[] {
  return sentence.split(/([<>]?\d[\d.,]*\s?%|p_t ≥ [\d.]*\d)/).map((part, i) => {
    if (i % 2 === 0) return part;
    return part.endsWith('%') ? html`<strong>${part}</strong>` : html`<span class="nowrap">${part}</span>`;
  });
}
