import { join } from 'node:path';
import type { AnalyzerOptions } from '../analyzer';
import { analyseImageInThreads } from '../imageAnalysis/analysisThreads';
import { openSessionInThread } from '../inference/inferenceThread';

/** Runs networks and the analyses of a run over a data set in threads, whose bundles lie in `folder`. */
export function inThreads(folder: string): Required<Pick<AnalyzerOptions, 'openSession' | 'analyseImage'>> {
  return {
    openSession: openSessionInThread(join(folder, 'inference.js')),
    analyseImage: analyseImageInThreads(join(folder, 'analysis.js')),
  };
}
