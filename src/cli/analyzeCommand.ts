import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { messageOf, UserError } from '../common/errors';
import type { Analyzer } from '../engine/analyzer';
import { checkOutputFile, writeOutputFile } from '../engine/outputFile';
import { anchorTable } from '../engine/anchorTable';
import { reportDocument } from '../engine/report/reportDocument';
import { defaultBands, type Analysis } from '../protocol/analysis';
import type { AnalysisStage } from '../protocol/messages';
import { analysisDocument } from './analysisDocument';
import type { AnalyzeArguments } from './arguments';
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
  const app = args.report === undefined ? undefined : await readApp(assets);

  const progress = progressLine(terminal);
  let analysis: Analysis;
  try {
    const result = await analyzer.analyzeImage(
      {
        model: {
          checkpoint: args.model,
          runtime: args.runtime,
          ...(args.card === undefined ? {} : { card: args.card }),
        },
        image: args.image,
        ...(args.labels === undefined ? {} : { labels: args.labels }),
        bands: defaultBands,
        maxPixels: args.maxPixels,
      },
      { onProgress: ({ stage }) => progress.show(stageWords[stage]) },
    );
    analysis = result.analysis;
    if (args.anchors !== undefined) {
      progress.show('writing anchors');
      await writeOutputFile(args.anchors, anchorTable(analysis));
    }
    if (args.report !== undefined && app !== undefined) {
      progress.show('writing the report');
      // Loads native code, which other runs do without.
      const { reportImage } = await import('../engine/report/reportImage');
      const imageUri = await reportImage(args.image, args.maxPixels);
      const title = basename(args.image);
      await writeOutputFile(args.report, reportDocument({ title, imageUri, analysis, ...app }));
    }
  } finally {
    progress.clear();
  }

  terminal.out(
    args.json ? `${JSON.stringify(analysisDocument(analysis), null, 2)}\n` : summary(analysis, terminal.colours),
  );
}

/** The webview app's bundle; its style sheet may be part of the script. */
async function readApp(assets: string): Promise<{ script: string; style: string }> {
  const file = join(assets, 'webview.js');
  const script = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UserError(`the report needs the app's bundle, which cannot be read: ${messageOf(cause)}`, {
      where: file,
      remedy: 'build or install Focal Lens again',
      cause,
    });
  });
  const style = await readFile(join(assets, 'webview.css'), 'utf8').catch(() => '');
  return { script, style };
}

/** One line on standard error that is overwritten and vanishes, on terminals only. */
function progressLine(terminal: Terminal): { show(text: string): void; clear(): void } {
  const eraseLine = '\r\u001b[2K';
  return {
    show: text => {
      if (terminal.progress) terminal.err(`${eraseLine}${text} ...`);
    },
    clear: () => {
      if (terminal.progress) terminal.err(eraseLine);
    },
  };
}
