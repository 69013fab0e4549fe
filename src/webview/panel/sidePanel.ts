import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { AppActions, AppModel } from '../appModel';
import { comparison } from '../compare';
import type { LensImage } from '../lens/lensImage';
import { ptHistogram } from '../lens/ptHistogram';
import { count, counted, unit } from '../words/format';
import { about } from './about';
import type { AnchorList } from './anchorList';
import { classTable } from './classes';
import { lossCurves } from './curves';
import { detectionTable } from './detections';
import { filterBar } from './filterBar';
import { histogram } from './histogram';
import { hottestList } from './hottest';
import { inspection } from './inspection';
import { issueList } from './issues';
import { labelLinks } from './labelLink';
import { labelTable } from './labels';
import { levelTable } from './levels';
import { noteCount, notes } from './notes';
import { sections } from './parts';
import { sectionNav, type Stop } from './sectionNav';
import { summary } from './summary';

/** Everything beside the picture. Parts redraw only when what they show changes, not with every drag of a slider. */
export function sidePanel(live: LensImage, model: AppModel, actions: AppActions): TemplateResult {
  // What a what-if slider changes follows it where that is quick to draw, and at rest elsewhere.
  const image = model.settled ?? live;
  const { analysis } = image;
  const { scoreThreshold, levelMask, filter, labelOrder, matchColors, toggledSections } = model.view;
  const detected = analysis.detections.filter(detection => detection.score >= scoreThreshold).length;
  const section = sections(model, actions);
  const parts: readonly (readonly [readonly unknown[], () => unknown])[] = [
    [[live, model.pinned, model.compared, filter], () => inspected(live, model, actions)],
    [[live, filter, model.precision], () => summary(live, filter, model.precision, actions)],
    [[], () => section('hottest', 'Hottest places', hottestList(image, actions), { atRest: true })],
    [
      [filter, labelOrder],
      () =>
        section('labels', 'Labels', labelTable(image, model, actions), {
          badge: count(analysis.labels.length),
          atRest: true,
        }),
    ],
    [
      [],
      () =>
        analysis.issues.length === 0
          ? nothing
          : section('issues', 'Label issues', issueList(analysis, actions), { badge: count(analysis.issues.length) }),
    ],
    [
      [scoreThreshold, matchColors, filter],
      () =>
        section('detections', 'Detections', detectionTable(image, model, actions), {
          badge: `${count(detected)} of score ≥ ${unit(scoreThreshold)}`,
          badgeTitle: `${counted(detected, 'detection')} with a score of ${unit(scoreThreshold)} or more, of ${count(analysis.detections.length)}.`,
        }),
    ],
    [[live, levelMask], () => section('levels', 'Loss by level', levelTable(live, model, actions))],
    [[filter], () => section('classes', 'Loss by class', classTable(image, model, actions), { atRest: true })],
    [
      [],
      () =>
        section('histogram', 'Anchors by p_t', histogram(ptHistogram(image.columns), analysis.bands), { atRest: true }),
    ],
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
          {
            atRest: true,
            copy: () => document.querySelector<AnchorList>('focal-anchor-list')?.copyText() ?? '',
          },
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
  const stops = sectionStops.filter(({ name }) => {
    switch (name) {
      case 'inspection':
        return model.pinned !== undefined;
      case 'issues':
        return analysis.issues.length > 0;
      case 'notes':
        return noteCount(analysis) > 0;
      default:
        return true;
    }
  });
  return html`<div class="panel-head">
      ${sectionNav(stops)} ${guard([image, filter], () => filterBar(image, model, actions))}
    </div>
    <div class="panel-scroll">
      ${parts.map(([dependencies, draw]) => guard([image, toggledSections, ...dependencies], draw))}
    </div>`;
}

const sectionStops: readonly Stop[] = [
  { name: 'inspection', text: 'Anchor', heading: 'Inspected anchor' },
  { name: 'summary', text: 'Breakdown', heading: 'Breakdown' },
  { name: 'hottest', text: 'Hottest', heading: 'Hottest places' },
  { name: 'labels', text: 'Labels', heading: 'Labels' },
  { name: 'issues', text: 'Issues', heading: 'Label issues' },
  { name: 'detections', text: 'Detections', heading: 'Detections' },
  { name: 'levels', text: 'Levels', heading: 'Loss by level' },
  { name: 'classes', text: 'Classes', heading: 'Loss by class' },
  { name: 'histogram', text: 'p_t', heading: 'Anchors by p_t' },
  { name: 'curves', text: 'Curves', heading: 'Cumulative loss' },
  { name: 'anchors', text: 'Anchors', heading: 'Anchors' },
  { name: 'notes', text: 'Notes', heading: 'Notes' },
  { name: 'about', text: 'Run', heading: 'Model and run' },
];

/** The pinned anchor, and what it is compared with. */
function inspected(
  live: LensImage,
  { pinned, compared, view }: AppModel,
  actions: AppActions,
): TemplateResult | typeof nothing {
  if (pinned === undefined) return nothing;
  const linkTo = labelLinks(live.analysis.labels, view.filter.label, actions);
  return html`<div data-section="inspection">
    ${compared === undefined ? nothing : comparison(live, pinned, compared, actions, linkTo)}
    ${inspection(live, pinned, actions, linkTo)}
  </div>`;
}
