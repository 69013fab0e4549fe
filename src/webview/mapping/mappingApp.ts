import { html, render } from 'lit';
import type { ClassChoice, DatasetClassMapping } from '../../protocol/classMapping';
import { patientRequest } from '../transport/patientRequest';
import { allChoices } from './choices';
import { mappingPage, type MappingModel } from './mappingPage';

/** Who answers the page. */
export interface MappingTransport {
  getMapping(signal: AbortSignal): Promise<DatasetClassMapping>;
  saveMapping(choices: readonly ClassChoice[]): Promise<DatasetClassMapping>;
  openCard(): Promise<unknown>;
  analyzeDataset(): Promise<unknown>;
  /** Calls when card, model or data set are others. */
  onMappingChanged(listener: () => void): void;
}

/** The page of the mapping editor. */
export class MappingApp {
  private model: MappingModel | undefined;

  constructor(
    private readonly root: HTMLElement,
    private readonly transport: MappingTransport,
  ) {}

  async start(): Promise<void> {
    this.transport.onMappingChanged(() => void this.load());
    this.root.addEventListener('keydown', event => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 's') return;
      event.preventDefault();
      void this.save();
    });
    render(html`<p class="dim waiting" role="status">Reading classes and weights…</p>`, this.root);
    await this.load();
  }

  private async load(): Promise<void> {
    try {
      const mapping = await patientRequest(signal => this.transport.getMapping(signal));
      // What has been chosen and not saved stays, as far as the classes are the same.
      const names = new Set(mapping.categories.map(({ name }) => name));
      const same = this.model?.mapping.dataset === mapping.dataset && this.model.mapping.card === mapping.card;
      const kept = same ? [...(this.model?.choices ?? [])].filter(([name]) => names.has(name)) : [];
      this.show({
        filter: '',
        onlyUnmatched: false,
        opened: undefined,
        state: 'idle',
        ...this.model,
        mapping,
        choices: new Map(kept),
        message: undefined,
      });
    } catch (error) {
      if (this.model) this.show({ ...this.model, message: textOf(error) });
      else render(html`<p class="error waiting" role="alert">${textOf(error)}</p>`, this.root);
    }
  }

  private async save(): Promise<void> {
    const { model } = this;
    if (model === undefined || model.state === 'saving' || (model.choices.size === 0 && model.mapping.classesNamed))
      return;
    this.show({ ...model, state: 'saving', message: undefined });
    try {
      const mapping = await this.transport.saveMapping(allChoices(model.mapping, model.choices));
      this.show({ ...model, mapping, choices: new Map(), state: 'saved', message: undefined });
    } catch (error) {
      this.show({ ...model, state: 'idle', message: textOf(error) });
    }
  }

  private show(model: MappingModel): void {
    this.model = model;
    const page = mappingPage(model, {
      change: change => {
        if (this.model) this.show({ ...this.model, ...change });
      },
      save: () => void this.save(),
      openCard: () => void this.transport.openCard().catch(() => undefined),
      analyzeDataset: () => void this.transport.analyzeDataset().catch(() => undefined),
    });
    render(page, this.root);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
