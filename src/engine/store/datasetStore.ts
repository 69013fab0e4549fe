import type { Database, JSValue, Statement } from 'node-sqlite3-wasm';
import type { LabelSummary, ModelInfo } from '../../protocol/analysis';
import type { DatasetRunState } from '../../protocol/dataset';
import type { ImageResult } from './imageResult';
import { binColumns, labelColumns } from './schema';
import type { WritableStore } from './storeFile';

/** An image of the data set as the store knows it. */
export interface StoredImageKey {
  readonly id: number;
  /** What its result follows from; null for an image that failed. */
  readonly key: string | null;
  /** Where its labels are written. */
  readonly positions: string | null;
}

export interface ImageIdentity {
  /** Path relative to the data set's root, `/` between its parts; absolute outside of it. */
  readonly file: string;
  readonly name: string;
  readonly split: string | undefined;
}

export interface RunDescription {
  readonly dataset: string;
  readonly model: Omit<ModelInfo, 'file'> & { readonly file: string };
  readonly focal: { readonly gamma: number; readonly alpha: number };
  readonly boxLoss: string;
  readonly bands: { readonly easy: number; readonly hard: number };
  readonly images: number;
}

export interface RunCounts {
  readonly computed: number;
  readonly reused: number;
  readonly failed: number;
  readonly seconds: number;
}

/** Writes results of a data set's images, each in a transaction of its own. */
export class DatasetStore {
  private readonly statements = new Map<string, Statement>();
  private readonly database: Database;

  constructor(private readonly store: WritableStore) {
    this.database = store.database;
  }

  /** Closes the store for good; what has been written stays. */
  close(): void {
    for (const statement of this.statements.values()) statement.finalize();
    this.statements.clear();
    this.store.close();
  }

  /** For queries while the run goes on. */
  get reader(): Database {
    return this.database;
  }

  property(name: string): string | undefined {
    const row = this.database.get('SELECT value FROM properties WHERE name = ?', [name]);
    return typeof row?.value === 'string' ? row.value : undefined;
  }

  setProperty(name: string, value: string): void {
    this.run('INSERT INTO properties VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value', [name, value]);
  }

  beginRun({ dataset, model, focal, boxLoss, bands, images }: RunDescription): number {
    const { architecture, parameters, classes, runtime, provider, providerReason, notes } = model;
    const texts = [dataset, model.file, architecture];
    const { lastInsertRowid } = this.run(
      `INSERT INTO runs (started, state, dataset, model, architecture, parameters, classes, runtime, provider,
         provider_reason, notes, gamma, alpha, box_loss, easy, hard, images, computed, reused, failed, seconds)
       VALUES (?, 'running', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0)`,
      [
        ...[new Date().toISOString(), ...texts, parameters, JSON.stringify(classes), runtime, provider, providerReason],
        ...[JSON.stringify(notes), focal.gamma, focal.alpha, boxLoss, bands.easy, bands.hard, images],
      ],
    );
    return Number(lastInsertRowid);
  }

  endRun(run: number, state: DatasetRunState, { computed, reused, failed, seconds }: RunCounts): void {
    this.run(
      'UPDATE runs SET finished = ?, state = ?, computed = ?, reused = ?, failed = ?, seconds = ? WHERE id = ?',
      [new Date().toISOString(), state, computed, reused, failed, seconds, run],
    );
  }

  find(file: string): StoredImageKey | undefined {
    const row = this.statement('SELECT id, key, positions FROM images WHERE file = ?').get([file]);
    return row === null ? undefined : (row as unknown as StoredImageKey);
  }

  /** Stores an image's result in place of an earlier one. */
  writeImage(
    image: ImageIdentity,
    key: string,
    positions: string,
    result: ImageResult,
    relative: (file: string) => string,
  ): void {
    this.transaction(() => {
      const id = this.replaceImage(image, imageValues(result, key, positions));
      const labelIds = this.writeLabels(id, result.labels, relative);
      this.writeIssues(id, result, labelIds);
      for (const { bbox, level, category, pt, anchors, focal } of result.places) {
        this.insert(
          'places',
          ['image', 'x', 'y', 'width', 'height', 'level', 'category', 'pt', 'anchors', 'focal'],
          [...[id, ...bbox, level, category, pt, anchors, focal]],
        );
      }
      for (const { name, count, foreground, crossEntropy, focal } of result.anchors.levels) {
        const columns = ['image', 'level', 'anchors', 'foreground', 'cross_entropy', 'focal'];
        this.insert('levels', columns, [id, name, count, foreground, crossEntropy, focal]);
      }
      for (const { group, anchors, crossEntropy, focal } of result.breakdown) {
        this.insert(
          'bands',
          ['image', 'band', 'anchors', 'cross_entropy', 'focal'],
          [id, group, anchors, crossEntropy, focal],
        );
      }
      for (const state of ['foreground', 'background'] as const) {
        this.insert('pt_histograms', ['image', 'state', ...binColumns], [id, state, ...result.ptHistogram[state]]);
      }
    });
  }

  /** Stores that an image could not be analysed, in place of an earlier result. */
  writeFailure(image: ImageIdentity, error: string): void {
    this.transaction(() => {
      this.replaceImage(image, { error, width: 0, height: 0 });
    });
  }

  /** The same labels stand at other places of their files now. */
  movePositions(
    id: number,
    positions: string,
    labels: readonly Pick<LabelSummary, 'id' | 'source'>[],
    relative: (file: string) => string,
  ): void {
    this.transaction(() => {
      this.run('UPDATE images SET positions = ? WHERE id = ?', [positions, id]);
      for (const { id: label, source } of labels) {
        this.run(
          `UPDATE labels SET file = ?, line = ?, text_column = ?, text_start = ?, text_end = ?
           WHERE image = ? AND label = ?`,
          [...this.sourceValues(source, relative), id, label],
        );
      }
    });
  }

  /** Removes images that `isListed` denies: they are no part of the data set any more. Returns how many. */
  prune(isListed: (file: string) => boolean): number {
    const gone = this.database
      .all('SELECT id, file FROM images')
      .filter(row => typeof row.file === 'string' && !isListed(row.file));
    this.transaction(() => {
      for (const { id } of gone) this.removeImage(Number(id));
    });
    return gone.length;
  }

  private replaceImage({ file, name, split }: ImageIdentity, values: Record<string, JSValue>): number {
    const former = this.find(file)?.id;
    if (former !== undefined) this.removeImage(former);
    const row: Record<string, JSValue> = { ...emptyImage, ...values, file, name, split: split ?? null };
    if (former !== undefined) row.id = former;
    return this.insert('images', Object.keys(row), Object.values(row));
  }

  private removeImage(id: number): void {
    for (const table of ['issues', 'labels', 'places', 'levels', 'bands', 'pt_histograms']) {
      this.run(`DELETE FROM ${table} WHERE image = ?`, [id]);
    }
    this.run('DELETE FROM images WHERE id = ?', [id]);
  }

  private writeLabels(
    image: number,
    labels: readonly LabelSummary[],
    relative: (file: string) => string,
  ): Map<string, number> {
    const ids = new Map<string, number>();
    for (const label of labels) {
      const { bestDetection: same, bestAnyDetection: any } = label;
      const id = this.insert('labels', labelColumns, [
        ...[image, label.id, this.category(label.category), ...label.bbox, label.excluded ?? null, label.anchors],
        ...[label.anchorsByThreshold, label.anchorsByLowQuality, label.bestIou, label.uncovered, label.meanPt],
        ...[label.minPt, label.classification, label.boxRegression, label.classification + label.boxRegression],
        ...[same?.iou ?? null, same?.score ?? null, any?.iou ?? null, any?.score ?? null],
        ...this.sourceValues(label.source, relative),
      ]);
      ids.set(label.id, id);
    }
    return ids;
  }

  private writeIssues(image: number, { issues }: ImageResult, labelIds: ReadonlyMap<string, number>): void {
    const columns = [
      ...['image', 'kind', 'score', 'label', 'x', 'y', 'width', 'height', 'category', 'suggested_category'],
      ...['suggested_x', 'suggested_y', 'suggested_width', 'suggested_height', 'evidence'],
    ];
    for (const issue of issues) {
      const label = issue.labelId === null ? null : (labelIds.get(issue.labelId) ?? null);
      const suggested = issue.suggestedBbox ?? [null, null, null, null];
      this.insert('issues', columns, [
        ...[image, issue.kind, issue.score, label, ...issue.bbox, issue.category, issue.suggestedCategory],
        ...[...suggested, issue.evidence],
      ]);
    }
  }

  private category(name: string): number {
    const row = this.statement('SELECT id FROM categories WHERE name = ?').get([name]);
    return row === null ? this.insert('categories', ['name'], [name]) : Number(row.id);
  }

  private sourceValues(source: LabelSummary['source'], relative: (file: string) => string): JSValue[] {
    if (source === undefined) return [null, null, null, null, null];
    const file = relative(source.file);
    const row = this.statement('SELECT id FROM files WHERE file = ?').get([file]);
    const id = row === null ? this.insert('files', ['file'], [file]) : Number(row.id);
    return [id, source.line, source.column, source.start, source.end];
  }

  private insert(table: string, columns: readonly string[], values: JSValue[]): number {
    const marks = columns.map(() => '?').join(', ');
    const { lastInsertRowid } = this.run(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`, values);
    return Number(lastInsertRowid);
  }

  private run(sql: string, values: JSValue[]) {
    return this.statement(sql).run(values);
  }

  private statement(sql: string): Statement {
    let statement = this.statements.get(sql);
    if (statement === undefined) {
      statement = this.database.prepare(sql);
      this.statements.set(sql, statement);
    }
    return statement;
  }

  private transaction(task: () => void): void {
    this.store.lock.check();
    this.database.exec('BEGIN IMMEDIATE');
    try {
      task();
      this.database.exec('COMMIT');
    } catch (error) {
      if (this.database.inTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }
}

const emptyImage = {
  ...{ key: null, positions: null, error: null, anchors: 0, foreground: 0, background: 0, ignored: 0, labels: 0 },
  ...{
    detections: 0,
    issues: 0,
    cross_entropy: 0,
    focal: 0,
    classification: 0,
    box_regression: 0,
    loss: 0,
    notes: '[]',
  },
};

function imageValues(result: ImageResult, key: string, positions: string): Record<string, JSValue> {
  const { image, anchors, loss, breakdown, labels, detections, issues, labelFile, notes } = result;
  const sum = (name: 'crossEntropy' | 'focal') => breakdown.reduce((total, row) => total + row[name], 0);
  return {
    ...{ key, positions, width: image.width, height: image.height, anchors: anchors.total },
    ...{ foreground: anchors.foreground, background: anchors.background, ignored: anchors.ignored },
    ...{ labels: labels.length, detections, issues: issues.length },
    ...{ cross_entropy: sum('crossEntropy'), focal: sum('focal') },
    ...{ classification: loss.classification, box_regression: loss.boxRegression },
    ...{ loss: loss.classification + loss.boxRegression },
    ...{ notes: JSON.stringify([...notes, ...(labelFile?.problems ?? [])]) },
  };
}
