/** The tables of a store: one SQLite file that any client reads. Boxes are x, y, width, height in original pixels. */

/** SQLite's `application_id` of a store: "FLen". */
export const applicationId = 0x464c656e;
/**
 * SQLite's `user_version`. A store of another version is computed anew; what older programs can live with, such as
 * an index, is added without one.
 */
export const schemaVersion = 1;

/** Equal parts of p_t from 0 to 1. */
export const histogramBins = 20;

const bins = Array.from({ length: histogramBins }, (_, bin) => `b${String(bin).padStart(2, '0')}`);
export const binColumns: readonly string[] = bins;

/** Columns of `labels` in the order they are written. */
export const labelColumns = [
  ...['image', 'label', 'category', 'x', 'y', 'width', 'height', 'excluded', 'anchors', 'by_threshold'],
  ...['by_low_quality', 'best_iou', 'uncovered', 'mean_pt', 'min_pt', 'classification', 'box_regression', 'loss'],
  ...['detection_iou', 'detection_score', 'any_iou', 'any_score', 'file', 'line', 'text_column', 'text_start'],
  'text_end',
] as const;

const tables = `
CREATE TABLE properties (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE runs (
  id INTEGER PRIMARY KEY, started TEXT NOT NULL, finished TEXT, state TEXT NOT NULL, dataset TEXT NOT NULL,
  model TEXT NOT NULL, architecture TEXT NOT NULL, parameters INTEGER NOT NULL, classes TEXT NOT NULL,
  runtime TEXT NOT NULL, provider TEXT NOT NULL, provider_reason TEXT NOT NULL, notes TEXT NOT NULL,
  gamma REAL NOT NULL, alpha REAL NOT NULL, box_loss TEXT NOT NULL, easy REAL NOT NULL, hard REAL NOT NULL,
  images INTEGER NOT NULL, computed INTEGER NOT NULL, reused INTEGER NOT NULL, failed INTEGER NOT NULL,
  seconds REAL NOT NULL);

CREATE TABLE images (
  id INTEGER PRIMARY KEY, file TEXT NOT NULL UNIQUE, name TEXT NOT NULL, split TEXT, key TEXT, positions TEXT,
  error TEXT, width INTEGER NOT NULL, height INTEGER NOT NULL, anchors INTEGER NOT NULL, foreground INTEGER NOT NULL,
  background INTEGER NOT NULL, ignored INTEGER NOT NULL, labels INTEGER NOT NULL, detections INTEGER NOT NULL,
  issues INTEGER NOT NULL, cross_entropy REAL NOT NULL, focal REAL NOT NULL, classification REAL NOT NULL,
  box_regression REAL NOT NULL, loss REAL NOT NULL, notes TEXT NOT NULL);

CREATE TABLE files (id INTEGER PRIMARY KEY, file TEXT NOT NULL UNIQUE);

CREATE TABLE categories (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, labels INTEGER NOT NULL DEFAULT 0,
  excluded INTEGER NOT NULL DEFAULT 0, uncovered INTEGER NOT NULL DEFAULT 0, anchors INTEGER NOT NULL DEFAULT 0,
  classification REAL NOT NULL DEFAULT 0, box_regression REAL NOT NULL DEFAULT 0);

CREATE TABLE labels (
  id INTEGER PRIMARY KEY, image INTEGER NOT NULL REFERENCES images, label TEXT NOT NULL,
  category INTEGER NOT NULL REFERENCES categories, x REAL NOT NULL, y REAL NOT NULL, width REAL NOT NULL,
  height REAL NOT NULL, excluded TEXT, anchors INTEGER NOT NULL, by_threshold INTEGER NOT NULL,
  by_low_quality INTEGER NOT NULL, best_iou REAL NOT NULL, uncovered TEXT NOT NULL, mean_pt REAL, min_pt REAL,
  classification REAL NOT NULL, box_regression REAL NOT NULL, loss REAL NOT NULL, detection_iou REAL,
  detection_score REAL, any_iou REAL, any_score REAL, file INTEGER REFERENCES files, line INTEGER,
  text_column INTEGER, text_start INTEGER, text_end INTEGER);

CREATE TABLE issues (
  id INTEGER PRIMARY KEY, image INTEGER NOT NULL REFERENCES images, kind TEXT NOT NULL, score REAL NOT NULL,
  label INTEGER REFERENCES labels, x REAL NOT NULL, y REAL NOT NULL, width REAL NOT NULL, height REAL NOT NULL,
  category TEXT, suggested_category TEXT, suggested_x REAL, suggested_y REAL, suggested_width REAL,
  suggested_height REAL, evidence TEXT NOT NULL);

-- Background with the highest loss: the box of the strongest anchor, and what all background anchors centred in it carry.
CREATE TABLE places (
  id INTEGER PRIMARY KEY, image INTEGER NOT NULL REFERENCES images, x REAL NOT NULL, y REAL NOT NULL,
  width REAL NOT NULL, height REAL NOT NULL, level TEXT NOT NULL, category TEXT NOT NULL, pt REAL NOT NULL,
  anchors INTEGER NOT NULL, focal REAL NOT NULL);

CREATE TABLE levels (
  image INTEGER NOT NULL REFERENCES images, level TEXT NOT NULL, anchors INTEGER NOT NULL,
  foreground INTEGER NOT NULL, cross_entropy REAL NOT NULL, focal REAL NOT NULL,
  PRIMARY KEY (image, level)) WITHOUT ROWID;
CREATE TABLE bands (
  image INTEGER NOT NULL REFERENCES images, band TEXT NOT NULL, anchors INTEGER NOT NULL,
  cross_entropy REAL NOT NULL, focal REAL NOT NULL, PRIMARY KEY (image, band)) WITHOUT ROWID;
-- Anchors by p_t: b00 below 0.05, b01 below 0.1 and so on; b19 holds 1 too.
CREATE TABLE pt_histograms (
  image INTEGER NOT NULL REFERENCES images, state TEXT NOT NULL, ${bins.map(bin => `${bin} INTEGER NOT NULL`).join(', ')},
  PRIMARY KEY (image, state)) WITHOUT ROWID;
`;

/** Those that a store of this version lacks are made when it is opened to write. */
export const indexSql = `
CREATE INDEX IF NOT EXISTS images_by_loss ON images (loss DESC, id) WHERE error IS NULL;
CREATE INDEX IF NOT EXISTS images_failed ON images (id) WHERE error IS NOT NULL;
CREATE INDEX IF NOT EXISTS labels_by_image ON labels (image);
CREATE INDEX IF NOT EXISTS labels_by_loss ON labels (loss DESC, id);
CREATE INDEX IF NOT EXISTS labels_by_category ON labels (category, loss DESC, id);
CREATE INDEX IF NOT EXISTS labels_by_classification ON labels (classification DESC, id) WHERE excluded IS NULL;
CREATE INDEX IF NOT EXISTS labels_uncovered ON labels (best_iou, id) WHERE uncovered <> 'none';
CREATE INDEX IF NOT EXISTS labels_uncovered_by_category ON labels (category, best_iou, id) WHERE uncovered <> 'none';
CREATE INDEX IF NOT EXISTS issues_by_image ON issues (image);
-- Without it, every label that is removed has all suspicions looked through for one about it.
CREATE INDEX IF NOT EXISTS issues_by_label ON issues (label);
CREATE INDEX IF NOT EXISTS issues_by_score ON issues (score DESC, id);
CREATE INDEX IF NOT EXISTS issues_by_kind ON issues (kind, score DESC, id);
CREATE INDEX IF NOT EXISTS issues_by_class ON issues (coalesce(category, suggested_category, ''), score DESC, id);
CREATE INDEX IF NOT EXISTS places_by_image ON places (image);
CREATE INDEX IF NOT EXISTS places_by_focal ON places (focal DESC, id);
CREATE INDEX IF NOT EXISTS places_by_category ON places (category, focal DESC, id);
CREATE INDEX IF NOT EXISTS levels_by_focal ON levels (level, focal DESC, image);
CREATE INDEX IF NOT EXISTS bands_by_focal ON bands (band, focal DESC, image);
`;

interface Total {
  readonly table: string;
  readonly of: string;
  readonly key: string;
  readonly sums: readonly string[];
}

/** Sums over all images, kept up to date by triggers: an overview reads some dozen rows however many images there are. */
const totals: readonly Total[] = [
  { table: 'level_totals', of: 'levels', key: 'level', sums: ['anchors', 'foreground', 'cross_entropy', 'focal'] },
  { table: 'band_totals', of: 'bands', key: 'band', sums: ['anchors', 'cross_entropy', 'focal'] },
  { table: 'pt_histogram_totals', of: 'pt_histograms', key: 'state', sums: bins },
];

function totalSql({ table, of, key, sums }: Total): string {
  const change = (sign: '+' | '-', row: 'new' | 'old') =>
    sums.map(sum => `${sum} = ${sum} ${sign} ${row}.${sum}`).join(', ');
  return `
CREATE TABLE ${table} (${key} TEXT PRIMARY KEY, ${sums.map(sum => `${sum} NOT NULL`).join(', ')}) WITHOUT ROWID;
CREATE TRIGGER ${of}_inserted AFTER INSERT ON ${of} BEGIN
  INSERT INTO ${table} (${key}, ${sums.join(', ')}) VALUES (new.${key}, ${sums.map(sum => `new.${sum}`).join(', ')})
  ON CONFLICT DO UPDATE SET ${sums.map(sum => `${sum} = ${sum} + excluded.${sum}`).join(', ')};
END;
CREATE TRIGGER ${of}_deleted AFTER DELETE ON ${of} BEGIN
  UPDATE ${table} SET ${change('-', 'old')} WHERE ${key} = old.${key};
END;`;
}

const categoryChange = (sign: '+' | '-', row: 'new' | 'old') => `
  UPDATE categories SET labels = labels ${sign} 1, excluded = excluded ${sign} (${row}.excluded IS NOT NULL),
    uncovered = uncovered ${sign} (${row}.uncovered <> 'none'), anchors = anchors ${sign} ${row}.anchors,
    classification = classification ${sign} ${row}.classification,
    box_regression = box_regression ${sign} ${row}.box_regression WHERE id = ${row}.category;`;

const triggers = `
CREATE TRIGGER labels_inserted AFTER INSERT ON labels BEGIN ${categoryChange('+', 'new')} END;
CREATE TRIGGER labels_deleted AFTER DELETE ON labels BEGIN ${categoryChange('-', 'old')} END;
CREATE TABLE issue_totals (kind TEXT PRIMARY KEY, issues INTEGER NOT NULL) WITHOUT ROWID;
CREATE TRIGGER issues_inserted AFTER INSERT ON issues BEGIN
  INSERT INTO issue_totals VALUES (new.kind, 1) ON CONFLICT DO UPDATE SET issues = issues + 1;
END;
CREATE TRIGGER issues_deleted AFTER DELETE ON issues BEGIN
  UPDATE issue_totals SET issues = issues - 1 WHERE kind = old.kind;
END;
CREATE TABLE image_totals (id INTEGER PRIMARY KEY CHECK (id = 1), images INTEGER NOT NULL, failed INTEGER NOT NULL,
  labels INTEGER NOT NULL, anchors INTEGER NOT NULL, foreground INTEGER NOT NULL, classification REAL NOT NULL,
  box_regression REAL NOT NULL);
INSERT INTO image_totals VALUES (1, 0, 0, 0, 0, 0, 0, 0);
CREATE TRIGGER images_inserted AFTER INSERT ON images BEGIN
  UPDATE image_totals SET images = images + (new.error IS NULL), failed = failed + (new.error IS NOT NULL),
    labels = labels + new.labels, anchors = anchors + new.anchors, foreground = foreground + new.foreground,
    classification = classification + new.classification, box_regression = box_regression + new.box_regression;
END;
CREATE TRIGGER images_deleted AFTER DELETE ON images BEGIN
  UPDATE image_totals SET images = images - (old.error IS NULL), failed = failed - (old.error IS NOT NULL),
    labels = labels - old.labels, anchors = anchors - old.anchors, foreground = foreground - old.foreground,
    classification = classification - old.classification, box_regression = box_regression - old.box_regression;
END;
`;

export const schemaSql = `${tables}${indexSql}${totals.map(totalSql).join('\n')}${triggers}PRAGMA user_version = ${schemaVersion};`;
