import type { Analyzer } from '../engine/analyzer';
import { checkOutputFile, writeOutputFile } from '../engine/outputFile';
import { anchorFile } from '../engine/anchorTable';
import { readReportApp } from '../engine/report/reportApp';
import { defaultBands, type Analysis } from '../protocol/analysis';
import type { AnalysisStage } from '../protocol/messages';
import { analysisDocument } from './analysisDocument';
import type { AnalyzeArguments } from './arguments';
import { modelRequest } from './modelRequest';
import { ProgressLine } from './progressLine';
import { summary } from './summary';
import { printable, type Terminal } from './terminal';

const stageWords: Record<AnalysisStage, string> = {
  model: 'loading the model',
  decode: 'reading the image',
  labels: 'reading labels',
  forward: 'running the network',
  analyse: 'analyzing anchors',
};

/**
 * Analyses one image and writes what was asked for. Outputs are checked before the long work starts and appear whole
 * or not at all.
 *
 * @param assets folder with the webview app's bundle, for reports
 */
export async function analyzeCommand(
  args: AnalyzeArguments,
  analyzer: Analyzer,
  terminal: Terminal,
  assets: string,
): Promise<void> {
  for (const output of [args.anchors, args.report]) {
    if (output !== undefined) await checkOutputFile(output);
  }
  const app = args.report === undefined ? undefined : await readReportApp(assets);

  const progress = new ProgressLine(terminal);
  let analysis: Analysis;
  try {
    const result = await analyzer.analyzeImage(
      {
        model: modelRequest(args),
        image: args.image,
        ...(args.labels === undefined ? {} : { labels: args.labels }),
        bands: defaultBands,
        maxPixels: args.maxPixels,
      },
      { onProgress: ({ stage }) => progress.show(`${stageWords[stage]} ...`) },
    );
    analysis = result.analysis;
    if (args.anchors !== undefined) {
      progress.show('writing anchors ...');
      await writeOutputFile(args.anchors, anchorFile(args.anchors, analysis));
    }
    if (args.report !== undefined && app !== undefined) {
      progress.show('writing the report ...');
      // Loads native code, which other runs do without.
      const { writeReport } = await import('../engine/report/writeReport');
      await writeReport({ file: args.report, analyses: [analysis], maxPixels: args.maxPixels }, app);
    }
  } finally {
    progress.clear();
  }

  if (args.json) warn(analysis, terminal);
  terminal.out(
    args.json ? `${JSON.stringify(analysisDocument(analysis), null, 2)}\n` : summary(analysis, terminal.colours),
  );
}

/** Problems of the label file told beside the JSON document; the summary for people has them among its notes. */
const warningsShown = 20;

/** A program that reads the document may not look at its notes: what could not be read of the labels is said aloud. */
function warn({ labelFile }: Analysis, terminal: Terminal): void {
  const problems = labelFile?.problems ?? [];
  for (const problem of problems.slice(0, warningsShown)) terminal.err(`focal-lens: ${printable(problem)}\n`);
  const more = problems.length - warningsShown;
  if (more > 0) terminal.err(`focal-lens: and ${more} more, see the document's notes\n`);
}
