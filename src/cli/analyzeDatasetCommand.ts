import { UserError } from '../common/errors';
import type { Analyzer } from '../engine/analyzer';
import { DatasetDesk } from '../engine/dataset/datasetDesk';
import { checkOutputFile } from '../engine/outputFile';
import { readReportApp } from '../engine/report/reportApp';
import { defaultBands, type Analysis } from '../protocol/analysis';
import type { DatasetProgress, DatasetRunResult, StoredIssue } from '../protocol/dataset';
import type { AnalyzeDatasetArguments } from './arguments';
import { datasetDocument } from './datasetDocument';
import { datasetSummary, issuesShownPerKind, rowsShown, type DatasetReport } from './datasetSummary';
import { plural } from './format';
import { modelRequest } from './modelRequest';
import { ProgressLine } from './progressLine';
import type { Terminal } from './terminal';

/** How many images a report shows: each takes some megabytes. */
const imagesReported = 6;

/**
 * Analyses a data set and prints what the store then holds. The first interruption (Ctrl+C) ends the run in order; the
 * store keeps what is done.
 *
 * @param assets folder with the webview app's bundle, for reports
 */
export async function analyzeDatasetCommand(
  args: AnalyzeDatasetArguments,
  analyzer: Analyzer,
  terminal: Terminal,
  assets: string,
): Promise<void> {
  if (args.report !== undefined) await checkOutputFile(args.report);
  const desk = new DatasetDesk(analyzer);
  const result = await interruptible(signal => run(args, desk, terminal, signal));
  if (result.state === 'cancelled') {
    const done = result.computed + result.reused + result.failed;
    throw new UserError(`interrupted after ${done} of ${plural(result.images, 'image')}`, {
      where: result.store,
      remedy: 'what is stored stays: go on with --resume',
    });
  }
  const report = await readReport(desk, result);
  const [failure] = report.failures;
  if (result.failed > 0 && result.computed + result.reused === 0 && failure !== undefined) {
    throw new UserError(`none of ${plural(result.images, 'image')} could be analyzed; the first: ${failure.error}`, {
      where: args.dataset,
    });
  }
  if (args.report !== undefined) await reportWorst(args, args.report, { analyzer, desk, report, terminal, assets });
  terminal.out(
    args.json ? `${JSON.stringify(datasetDocument(report), null, 2)}\n` : datasetSummary(report, terminal.colours),
  );
}

async function run(
  args: AnalyzeDatasetArguments,
  desk: DatasetDesk,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<DatasetRunResult> {
  const line = new ProgressLine(terminal);
  try {
    return await desk.analyze(
      {
        model: modelRequest(args),
        dataset: args.dataset,
        ...(args.format === undefined ? {} : { format: args.format }),
        ...(args.store === undefined ? {} : { store: args.store }),
        ...(args.limit === undefined ? {} : { limit: args.limit }),
        resume: args.resume,
        bands: defaultBands,
        maxPixels: args.maxPixels,
      },
      { signal, onProgress: progress => line.show(progressText(progress)) },
    );
  } finally {
    line.clear();
  }
}

/** Writes the interactive report of the images with the most loss. */
async function reportWorst(
  args: AnalyzeDatasetArguments,
  file: string,
  context: { analyzer: Analyzer; desk: DatasetDesk; report: DatasetReport; terminal: Terminal; assets: string },
): Promise<void> {
  const { analyzer, desk, report, terminal, assets } = context;
  const line = new ProgressLine(terminal);
  try {
    const app = await readReportApp(assets);
    const { store } = report.result;
    const { rows } = await desk.query('storedImages', { store, limit: imagesReported });
    // Labels of the other formats lie beside their images.
    const dataset = report.overview.run?.dataset ?? args.dataset;
    const labels = /\.(?:json|ya?ml)$/i.test(dataset) ? { labels: dataset } : {};
    const analyses: Analysis[] = [];
    for (const { file: image } of rows) {
      line.show(`writing the report: image ${analyses.length + 1} of ${rows.length} ...`);
      const request = { model: modelRequest(args), image, ...labels, bands: defaultBands, maxPixels: args.maxPixels };
      analyses.push((await analyzer.analyzeImage(request)).analysis);
    }
    // Loads native code, which other runs do without.
    const { writeReport } = await import('../engine/report/writeReport');
    await writeReport({ file, analyses, maxPixels: args.maxPixels }, app);
  } finally {
    line.clear();
  }
}

/** The first SIGINT or SIGTERM aborts the task's signal; the next one ends the process as usual. */
async function interruptible<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const onSignal = () => {
    release();
    abort.abort();
  };
  const release = () => signals.forEach(name => process.off(name, onSignal));
  signals.forEach(name => process.on(name, onSignal));
  try {
    return await task(abort.signal);
  } finally {
    release();
  }
}

async function readReport(desk: DatasetDesk, result: DatasetRunResult): Promise<DatasetReport> {
  const page = { store: result.store, limit: rowsShown };
  const overview = await desk.query('datasetOverview', page);
  const issues: StoredIssue[] = [];
  for (const { kind } of overview.issues) {
    issues.push(...(await desk.query('storedIssues', { ...page, kind, limit: issuesShownPerKind })).rows);
  }
  return {
    result,
    overview,
    labels: (await desk.query('storedLabels', page)).rows,
    issues,
    places: (await desk.query('storedPlaces', { ...page, limit: rowsShown / 2 })).rows,
    failures: (await desk.query('failedImages', page)).rows,
  };
}

const barWidth = 24;

/** Such as `[######......] 12/60 images, 3.4 a second, 14 s left`. */
export function progressText({ stage, done, images, failed, perSecond, secondsLeft }: DatasetProgress): string {
  switch (stage) {
    case 'dataset':
      return 'opening the dataset ...';
    case 'model':
      return 'loading the model ...';
    case 'images': {
      const filled = images > 0 ? Math.floor((barWidth * Math.min(done, images)) / images) : 0;
      const parts = [
        `[${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}] ${done}/${images} images`,
        ...(failed > 0 ? [`${failed} failed`] : []),
        ...(perSecond > 0 ? [`${perSecond.toFixed(1)} a second`] : []),
        ...(secondsLeft === undefined || done >= images ? [] : [`${duration(secondsLeft)} left`]),
      ];
      return parts.join(', ');
    }
    default:
      return stage satisfies never;
  }
}

/** Such as `14 s`, `3 min 20 s` or `2 h 5 min`. */
function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
