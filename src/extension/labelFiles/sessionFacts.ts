import { normalize } from 'node:path';
import { toDisposable, type Disposable } from '../../common/disposables';
import type { AnalyzeResult } from '../../protocol/messages';
import { mainFile, type ImageFacts, type LabelFactsSource, type LabelRef, type Standing } from './labelFacts';
import { LossOrder } from './lossOrder';

export interface SessionFactsLimits {
  readonly images: number;
  readonly labels: number;
}

const defaultLimits: SessionFactsLimits = { images: 1000, labels: 100_000 };
/** Of what was read from stores. */
const defaultStoredLimits: SessionFactsLimits = { images: 1500, labels: 60_000 };

type Kind = 'analyzed' | 'stored';

/**
 * What the analyses of this window tell about labels, and for other images what the store of the data set tells: the
 * latest ones within a bound each.
 */
export class SessionFacts implements LabelFactsSource {
  /** By image, the oldest first. */
  private readonly images = new Map<string, ImageFacts>();
  /** By label file: its images. */
  private readonly byFile = new Map<string, Set<string>>();
  /** By checkpoint; made when first asked for. */
  private readonly orders = new Map<string, LossOrder>();
  private readonly listeners = new Set<(labelFile: string) => void>();
  private readonly counts = { analyzed: { images: 0, labels: 0 }, stored: { images: 0, labels: 0 } };
  private readonly limits: Readonly<Record<Kind, SessionFactsLimits>>;

  constructor(limits = defaultLimits, storedLimits = defaultStoredLimits) {
    this.limits = { analyzed: limits, stored: storedLimits };
  }

  /** Takes an analysis; an image without label file is forgotten. */
  set({ id, analysis }: AnalyzeResult): void {
    const { image, model, labelFile, loss, bands, labels, detections, issues } = analysis;
    const changed = new Set(this.remove(image.file));
    if (labelFile !== undefined) {
      const facts = { image, labelFile, bands, labels, detections, issues };
      this.add({ ...facts, analysisId: id, model: model.file, classification: loss.classification });
      for (const file of this.filesOf(image.file)) changed.add(file);
    }
    this.evict('analyzed', changed);
    this.tell(changed);
  }

  /** Takes what a store tells of images that have not been analyzed in this window. */
  addStored(facts: readonly ImageFacts[]): void {
    const changed = new Set<string>();
    for (const stored of facts) {
      const { file } = stored.image;
      const known = this.images.get(file);
      if (known !== undefined && kindOf(known) === 'analyzed') continue;
      for (const labelFile of this.remove(file)) changed.add(labelFile);
      this.add(stored);
      for (const labelFile of this.filesOf(file)) changed.add(labelFile);
    }
    this.evict('stored', changed);
    this.tell(changed);
  }

  /** Forgets some of what stores told. */
  dropStored(isDropped: (facts: ImageFacts) => boolean): void {
    const changed = new Set<string>();
    for (const [file, facts] of this.images) {
      if (kindOf(facts) !== 'stored' || !isDropped(facts)) continue;
      for (const labelFile of this.remove(file)) changed.add(labelFile);
    }
    this.tell(changed);
  }

  /** Takes another reading of the same labels: where they are written now. */
  update(facts: ImageFacts): void {
    const changed = new Set(this.remove(facts.image.file));
    this.add(facts);
    for (const file of this.filesOf(facts.image.file)) changed.add(file);
    this.tell(changed);
  }

  delete(image: string): void {
    this.tell(new Set(this.remove(image)));
  }

  clear(): void {
    const files = [...this.byFile.keys()];
    this.images.clear();
    this.byFile.clear();
    this.orders.clear();
    for (const count of Object.values(this.counts)) Object.assign(count, { images: 0, labels: 0 });
    this.tell(files);
  }

  imagesOf(labelFile: string): readonly ImageFacts[] {
    const names = this.byFile.get(normalize(labelFile)) ?? [];
    return [...names].flatMap(name => this.images.get(name) ?? []);
  }

  imageAt(image: string): ImageFacts | undefined {
    return this.images.get(image);
  }

  standingOf(label: LabelRef): Standing | undefined {
    const { standings } = this.images.get(label.image) ?? {};
    return standings === undefined ? this.orderOf(label)?.standingOf(label) : (standings[label.index] ?? undefined);
  }

  nextWorst(label: LabelRef): LabelRef | undefined {
    return this.orderOf(label)?.after(label);
  }

  onDidChange(listener: (labelFile: string) => void): Disposable {
    this.listeners.add(listener);
    return toDisposable(() => this.listeners.delete(listener));
  }

  private add(facts: ImageFacts): void {
    const { file } = facts.image;
    this.images.set(file, facts);
    this.count(facts, 1);
    this.orders.delete(facts.model);
    for (const labelFile of this.filesOf(file)) {
      const names = this.byFile.get(labelFile) ?? new Set();
      this.byFile.set(labelFile, names.add(file));
    }
  }

  private count(facts: ImageFacts, sign: 1 | -1): void {
    const count = this.counts[kindOf(facts)];
    count.images += sign;
    count.labels += sign * facts.labels.length;
  }

  /** Removes the oldest of a kind beyond its bound, the latest one never. */
  private evict(kind: Kind, changed: Set<string>): void {
    const { images, labels } = this.limits[kind];
    const count = this.counts[kind];
    for (const [oldest, facts] of this.images) {
      if ((count.images <= images && count.labels <= labels) || count.images <= 1) return;
      if (kindOf(facts) !== kind) continue;
      for (const file of this.remove(oldest)) changed.add(file);
    }
  }

  /** Returns the label files that lost it. */
  private remove(image: string): string[] {
    const facts = this.images.get(image);
    if (facts === undefined) return [];
    const files = this.filesOf(image);
    this.images.delete(image);
    this.count(facts, -1);
    this.orders.delete(facts.model);
    for (const file of files) {
      const names = this.byFile.get(file);
      names?.delete(image);
      if (names?.size === 0) this.byFile.delete(file);
    }
    return files;
  }

  private filesOf(image: string): string[] {
    const facts = this.images.get(image);
    const file = facts && mainFile(facts);
    return file === undefined ? [] : [normalize(file)];
  }

  private orderOf({ image }: LabelRef): LossOrder | undefined {
    const model = this.images.get(image)?.model;
    if (model === undefined) return undefined;
    const known = this.orders.get(model) ?? new LossOrder([...this.images.values()].filter(f => f.model === model));
    this.orders.set(model, known);
    return known;
  }

  private tell(labelFiles: Iterable<string>): void {
    for (const file of labelFiles) for (const listener of [...this.listeners]) listener(file);
  }
}

function kindOf({ analysisId }: ImageFacts): Kind {
  return analysisId === undefined ? 'stored' : 'analyzed';
}
