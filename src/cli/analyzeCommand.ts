import type { Analyzer } from '../engine/analyzer';
import { checkOutputFile, writeOutputFile } from '../engine/outputFile';
import { anchorFile } from '../engine/anchorTable';
import { readReportApp } from '../engine/report/reportApp';
import { defaultBands, type Analysis } from '../protocol/analysis';
import type { AnalysisStage } from '../protocol/messages';
import { analysisDocument } from './analysisDocument';
import type { AnalyzeArguments } from './arguments';
import { ProgressLine } from './progressLine';
import { summary } from './summary';
import type { Terminal } from './terminal';

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
        model: {
          checkpoint: args.model,
          runtime: args.runtime,
          ...(args.card === undefined ? {} : { card: args.card }),
          ...(args.tensorFlow === undefined ? {} : { tensorFlowFolders: [args.tensorFlow] }),
        },
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

  terminal.out(
    args.json ? `${JSON.stringify(analysisDocument(analysis), null, 2)}\n` : summary(analysis, terminal.colours),
  );
}
