import { html, nothing, render, type TemplateResult } from 'lit';
import { anchorState } from '../../protocol/analysis';
import type { AppActions } from '../appModel';
import { hardestFirst, keptAnchors, orderedAnchors, type AnchorKey, type AnchorOrder } from '../lens/anchorOrder';
import { anchorRecord } from '../lens/anchorRecord';
import type { LensImage } from '../lens/lensImage';
import { labelName } from '../words/anchorSentence';
import { aspect, count, loss, probability, unit } from '../words/format';
import { anchorName } from '../words/spokenAnchor';
import { stateNames } from '../words/stateNames';
import { longOrShort, sortHeader, term } from './parts';

/** Height of a row, CSS pixels; the style sheet says the same. */
const rowHeight = 24;
/** Rows drawn beyond the visible ones. */
const margin = 8;
/** For a narrow panel. */
const shortStates = { foreground: 'fg', background: 'bg', ignored: 'ign' } as const;
/** Rows that a copy takes. */
const copied = 1000;

export interface AnchorListData {
  readonly image: LensImage;
  readonly passing: Uint8Array | undefined;
  readonly pinned: number | undefined;
  readonly actions: AppActions;
}

/**
 * All anchors that pass the filter as a table, sortable by any value: what the heatmap shows, for whoever cannot see
 * it, and a way in by keyboard. Only rows in view exist, so its length does not matter.
 */
export class AnchorList extends HTMLElement {
  private shown: AnchorListData | undefined;
  private order: AnchorOrder = hardestFirst;
  private anchors: Uint32Array = new Uint32Array(0);
  /** All anchors in the present order, and the filter that `anchors` has been through. */
  private sorted:
    | {
        readonly order: AnchorOrder;
        readonly image: LensImage;
        readonly all: Uint32Array;
        readonly passing: Uint8Array | undefined;
      }
    | undefined;
  /** Row that the keyboard stands on. */
  private active = 0;
  private frame = 0;

  /** What to show; set anew whenever something of it changes. */
  set data(data: AnchorListData) {
    if (data.image !== this.shown?.image || data.passing !== this.shown.passing) this.active = 0;
    this.shown = data;
    this.draw();
  }

  connectedCallback(): void {
    this.draw();
  }

  disconnectedCallback(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
  }

  /** The first rows, tab-separated. */
  copyText(): string {
    const { shown } = this;
    if (shown === undefined) return '';
    this.sort(shown);
    const head = ['level', 'size', 'aspect', 'state', 'label or worst class', 'IoU', 'p_t', 'CE', 'FL'];
    const rows = Array.from(this.anchors.subarray(0, copied), anchor => {
      const record = anchorRecord(shown.image, anchor);
      const { level, size, ratio, state, iou, pt, crossEntropy, focal } = record;
      return [level, size, aspect(ratio), stateNames[state], subject(record), iou, pt ?? '', crossEntropy, focal];
    });
    return [head, ...rows].map(row => row.join('\t')).join('\n');
  }

  private sort({ image, passing }: AnchorListData): void {
    const { order, sorted } = this;
    const same = sorted?.order === order && sorted.image === image ? sorted : undefined;
    if (same !== undefined && same.passing === passing) return;
    const all = same?.all ?? orderedAnchors(image.columns, order);
    this.anchors = keptAnchors(all, passing);
    this.sorted = { order, image, all, passing };
  }

  private draw(): void {
    const { shown } = this;
    // Sorting is put off until somebody looks.
    if (shown === undefined || !this.isConnected || this.closest('details')?.open === false) return;
    this.sort(shown);
    render(this.template(shown), this);
  }

  private requestDraw(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private template(data: AnchorListData): TemplateResult {
    const { anchors, order } = this;
    const scroller = this.querySelector('.anchor-scroller');
    const first = Math.max(0, Math.floor((scroller?.scrollTop ?? 0) / rowHeight) - margin);
    const visible = Math.ceil((scroller?.clientHeight ?? 340) / rowHeight) + 2 * margin;
    const last = Math.min(anchors.length, first + visible);
    const active = this.active >= first && this.active < last ? anchors[this.active] : undefined;
    const header = (key: AnchorKey, content: TemplateResult | string, className?: string) =>
      sortHeader(key, content, order, next => this.sortBy(next), className);
    return html`<div class="anchor-scroller" @scroll=${() => this.requestDraw()}>
        <table
          class="rows anchors-table"
          role="grid"
          tabindex="0"
          aria-label="Anchors: arrow keys move, Enter inspects, Shift+Enter compares"
          aria-rowcount=${anchors.length + 1}
          aria-activedescendant=${active === undefined ? nothing : rowId(active)}
          @keydown=${(event: KeyboardEvent) => this.keyPressed(event)}
        >
          <thead>
            <tr aria-rowindex="1">
              ${header('place', term('anchor'), '')} ${header('state', 'state', '')}
              <th scope="col" title="The label of a foreground anchor, else the class the model sees first.">
                ${longOrShort('label or worst class', 'about')}
              </th>
              ${header('iou', term('IoU'), 'number extra')} ${header('pt', term('p_t'))}
              ${header('crossEntropy', term('CE'))} ${header('focal', term('FL'))}
            </tr>
          </thead>
          <tbody>
            ${spacer(first)}
            ${Array.from(anchors.subarray(first, last), (anchor, i) => this.row(data, anchor, first + i))}
            ${spacer(anchors.length - last)}
          </tbody>
        </table>
      </div>
      <p class="note">
        ${count(anchors.length)} anchors${data.passing === undefined ? '' : ' pass the filter'}; click a heading to
        sort.
      </p>`;
  }

  private row({ image, pinned }: AnchorListData, anchor: number, index: number): TemplateResult {
    const record = anchorRecord(image, anchor);
    const state = stateNames[record.state];
    const classes = [pinned === anchor ? 'chosen' : '', index === this.active ? 'active' : ''].join(' ');
    return html`<tr
      id=${rowId(anchor)}
      class=${classes}
      aria-rowindex=${index + 2}
      aria-selected=${pinned === anchor ? 'true' : 'false'}
      @click=${(event: MouseEvent) => {
        this.active = index;
        this.choose(event.shiftKey);
      }}
    >
      <th scope="row">
        <button class="link" tabindex="-1" title="Zoom to this anchor and inspect it; with Shift, compare it">
          ${anchorName(record)}
        </button>
      </th>
      <td title=${state}><span class="dot ${state}"></span>${longOrShort(state, shortStates[state])}</td>
      <td class="cut" title=${subject(record)}>${subject(record)}</td>
      <td class="number extra">${unit(record.iou)}</td>
      <td class="number">${record.pt === null ? '–' : probability(record.pt)}</td>
      <td class="number">${loss(record.crossEntropy)}</td>
      <td class="number"><b>${loss(record.focal)}</b></td>
    </tr>`;
  }

  private sortBy(order: AnchorOrder): void {
    this.order = order;
    this.active = 0;
    this.querySelector('.anchor-scroller')?.scrollTo({ top: 0 });
    this.draw();
  }

  private keyPressed(event: KeyboardEvent): void {
    if (event.target !== event.currentTarget || this.anchors.length === 0) return;
    const height = this.querySelector('.anchor-scroller')?.clientHeight ?? 0;
    const page = Math.max(1, Math.floor(height / rowHeight) - 2);
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -Infinity,
      End: Infinity,
    };
    const step = Object.hasOwn(steps, event.key) ? steps[event.key] : undefined;
    if (step !== undefined) this.moveTo(this.active + step);
    else if (event.key === 'Enter') this.choose(event.shiftKey);
    else return;
    event.preventDefault();
  }

  /** Inspects the anchor of the active row, or compares it with the inspected one. */
  private choose(compares: boolean): void {
    const { shown } = this;
    if (shown === undefined) return;
    const anchor = this.anchors[this.active];
    if (compares && shown.pinned !== undefined && shown.pinned !== anchor) shown.actions.compare(anchor);
    else shown.actions.pin(anchor, { zoom: true });
  }

  private moveTo(row: number): void {
    this.active = Math.min(this.anchors.length - 1, Math.max(0, row));
    const scroller = this.querySelector('.anchor-scroller');
    const head = this.querySelector('thead')?.clientHeight ?? rowHeight;
    if (scroller !== null) {
      const top = this.active * rowHeight;
      const bottom = top + rowHeight + head - scroller.clientHeight;
      scroller.scrollTop = Math.max(bottom, Math.min(top, scroller.scrollTop));
    }
    this.draw();
  }
}

function rowId(anchor: number): string {
  return `anchor-row-${anchor}`;
}

/** Stands for rows that are not in view. */
function spacer(rows: number): TemplateResult {
  return html`<tr class="spacer" aria-hidden="true">
    <td colspan="7" .style=${`height:${rows * rowHeight}px`}></td>
  </tr>`;
}

function subject({ state, label, worstClass }: ReturnType<typeof anchorRecord>): string {
  return state === anchorState.foreground && label !== undefined ? labelName(label) : worstClass;
}

export function defineAnchorList(): void {
  if (customElements.get('focal-anchor-list') === undefined) customElements.define('focal-anchor-list', AnchorList);
}
