import type * as vscode from 'vscode';
import { newJudgement, readJudgement, type IssuePlace, type Judgement } from '../labelFiles/judgements';

const memoryKey = 'fixedIssues';
/** The oldest ones beyond are forgotten: they are listed again. */
const mostFixed = 10_000;

/** A suspicion that a person says to have dealt with: it holds while the image is not analyzed anew. */
export interface FixedIssue extends Omit<Judgement, 'reason'> {
  /** The analysis that it was suspected by. */
  readonly analysis: string;
}

/** Suspicions marked as fixed, of each store, kept with the workspace. */
export class FixedIssues {
  /** By store; made when first asked for. */
  private readonly grouped = new Map<string, ReadonlyMap<string, readonly FixedIssue[]>>();

  constructor(private readonly memory: Pick<vscode.Memento, 'get' | 'update'>) {}

  /** By image, as a path in the data set's folder. */
  of(store: string): ReadonlyMap<string, readonly FixedIssue[]> {
    const grouped = this.grouped.get(store) ?? byImage(this.read(store));
    this.grouped.set(store, grouped);
    return grouped;
  }

  async add(store: string, image: string, issue: IssuePlace, analysis: string): Promise<void> {
    const { kind, category, bbox } = newJudgement(image, issue, '');
    await this.write(store, [...this.read(store), { image, kind, category, bbox, analysis }].slice(-mostFixed));
  }

  /** Forgets those that `holds` denies. */
  async keep(store: string, holds: (entry: FixedIssue) => boolean): Promise<void> {
    const entries = this.read(store);
    const kept = entries.filter(holds);
    if (kept.length < entries.length) await this.write(store, kept);
  }

  private read(store: string): readonly FixedIssue[] {
    const entries = this.all()[store];
    return Array.isArray(entries) ? entries.flatMap(entry => readFixed(entry) ?? []) : [];
  }

  private async write(store: string, entries: readonly FixedIssue[]): Promise<void> {
    const others = Object.entries(this.all()).filter(([key]) => key !== store);
    const all = entries.length === 0 ? others : [...others, [store, entries]];
    this.grouped.set(store, byImage(entries));
    await this.memory.update(memoryKey, Object.fromEntries(all));
  }

  private all(): Readonly<Record<string, unknown>> {
    const value = this.memory.get<unknown>(memoryKey);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  }
}

function byImage(entries: readonly FixedIssue[]): ReadonlyMap<string, readonly FixedIssue[]> {
  const grouped = new Map<string, FixedIssue[]>();
  for (const entry of entries) {
    const known = grouped.get(entry.image);
    if (known === undefined) grouped.set(entry.image, [entry]);
    else known.push(entry);
  }
  return grouped;
}

/** What a former version may have kept counts for nothing. */
function readFixed(entry: unknown): FixedIssue | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const place = readJudgement({ ...entry, reason: '' });
  const { analysis } = entry as { analysis?: unknown };
  if (place === undefined || typeof analysis !== 'string') return undefined;
  const { image, kind, category, bbox } = place;
  return { image, kind, category, bbox, analysis };
}
