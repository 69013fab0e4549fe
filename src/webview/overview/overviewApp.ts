import { html, render } from 'lit';
import type { OverviewPart, OverviewState } from '../../protocol/overview';
import { patientRequest } from '../transport/patientRequest';
import type { OverviewActions, OverviewView } from './overviewModel';
import { overviewPage } from './overviewPage';

/** Who answers the page. */
export interface OverviewTransport {
  getState(signal: AbortSignal): Promise<OverviewState>;
  /** Narrows the explorer's lists to a part alone; without a value no longer. */
  filter(part: OverviewPart, value: string | undefined): Promise<unknown>;
  analyzeDataset(): Promise<unknown>;
  cancelRun(): Promise<unknown>;
  onStateChanged(listener: () => void): void;
  /** What was last saved, checked by the caller. */
  loadView(): unknown;
  saveView(view: unknown): void;
}

/** The page of the overview in the side bar. */
export class OverviewApp {
  private state: OverviewState | undefined;
  private view: OverviewView;
  /** A state is being fetched; another one may have come meanwhile. */
  private fetching = false;
  private again = false;

  constructor(
    private readonly root: HTMLElement,
    private readonly transport: OverviewTransport,
  ) {
    this.view = readView(transport.loadView());
  }

  async start(): Promise<void> {
    this.transport.onStateChanged(() => void this.load());
    await this.load();
  }

  private async load(): Promise<void> {
    this.again = this.fetching;
    if (this.fetching) return;
    this.fetching = true;
    try {
      this.state = await patientRequest(signal => this.transport.getState(signal));
      this.show();
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      render(html`<p class="error" role="alert">${text}</p>`, this.root);
    } finally {
      this.fetching = false;
      if (this.again) void this.load();
    }
  }

  private show(): void {
    if (this.state !== undefined) render(overviewPage(this.state, this.view, this.actions), this.root);
  }

  private change(change: Partial<OverviewView>): void {
    this.view = { ...this.view, ...change };
    this.transport.saveView(this.view);
    this.show();
  }

  private readonly actions: OverviewActions = {
    filter: (part, value) => void this.transport.filter(part, value),
    toggle: section => {
      const { toggled } = this.view;
      const others = toggled.filter(name => name !== section);
      this.change({ toggled: others.length < toggled.length ? others : [...toggled, section] });
    },
    showAllClasses: allClasses => this.change({ allClasses }),
    analyze: () => void this.transport.analyzeDataset(),
    cancel: () => void this.transport.cancelRun(),
  };
}

function readView(saved: unknown): OverviewView {
  const { toggled, allClasses } = (typeof saved === 'object' && saved !== null ? saved : {}) as Partial<
    Record<keyof OverviewView, unknown>
  >;
  return {
    toggled: Array.isArray(toggled) ? toggled.filter(name => typeof name === 'string') : [],
    allClasses: allClasses === true,
  };
}
