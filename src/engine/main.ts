/**
 * Entry of the engine process, forked with `serialization: 'advanced'`. Answers {@link EngineMethods} over process
 * messages, leaves with its parent, and never writes to standard output.
 */
import { constants, setPriority } from 'node:os';
import { toDisposable } from '../common/disposables';
import { MessageHandler, type PassiveSide, type Transport } from '../common/messageHandler';
import type { EngineSide } from '../protocol/messages';
import { Analyzer } from './analyzer';
import { AnalyzedCrops } from './crop/analyzedCrops';
import { classMappingHandlers } from './classMapping/classMappingHandlers';
import { imageCrop } from './crop/imageCrop';
import { DatasetDesk } from './dataset/datasetDesk';
import { datasetHandlers } from './dataset/datasetHandlers';
import { lazyNative } from './lazyNative';
import { writeOutputFile } from './outputFile';
import { inThreads } from './threads/inThreads';

/** Time for the last message to leave a dying process, milliseconds. */
const farewell = 100;

function processTransport(): Transport {
  return {
    send(message) {
      // Without a parent nobody listens, and `disconnect` ends this process.
      if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
    },
    onMessage(listener) {
      process.on('message', listener);
      return toDisposable(() => process.off('message', listener));
    },
  };
}

function serve(): void {
  const log = (level: 'info' | 'warn' | 'error', message: string) => handler.emit('log', { level, message });
  const analyzer = new Analyzer({
    log: message => log('info', message),
    onProvider: (phase): void => handler.emit('provider', phase),
    ...inThreads(__dirname),
  });
  const analyzedCrops = new AnalyzedCrops(analyzer);
  const handler = new MessageHandler<EngineSide, PassiveSide>(processTransport(), {
    events: {},
    onError: (error, method) => {
      log('warn', `${method}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    },
    handlers: {
      loadModel: (model, { signal, progress }) => analyzer.loadModel(model, { signal, onProgress: progress }),
      analyzeImage: (request, { signal, progress }) => analyzer.analyzeImage(request, { signal, onProgress: progress }),
      ...datasetHandlers(new DatasetDesk(analyzer)),
      ...classMappingHandlers,
      inspectAnchor: ({ id, anchor }) => analyzer.inspectAnchor(id, anchor),
      recomputeLoss: ({ id, gamma, alpha }) => ({ focal: analyzer.recomputeLoss(id, gamma, alpha).slice().buffer }),
      describeRuntime: () => analyzer.runtime ?? null,
      benchmarkRuntime: async (request, { signal }) => {
        const { benchmarkRuntime } = await import('./benchmark/benchmarkRuntime');
        return (await benchmarkRuntime(request, { signal, log: message => log('info', message) })) ?? null;
      },
      displayImage: async ({ image, cacheFolder, maxPixels }) => {
        const { displayImage } = await lazyNative('the image decoder', () => import('../model/image/displayImage'));
        return displayImage(image, cacheFolder, { maxPixels });
      },
      exportReport: async request => {
        const { writeReport } = await lazyNative('the image decoder', () => import('./report/writeReport'));
        await writeReport(request, __dirname);
        return null;
      },
      exportAnchors: async ({ file, analysis }) => {
        const { anchorFile } = await import('./anchorTable');
        await writeOutputFile(file, anchorFile(file, analysis));
        return null;
      },
      cropImage: (request, { signal }) =>
        imageCrop(request, request.analysis === undefined ? undefined : analyzer.heatOf(request.analysis), signal),
      analyzedCrop: (request, { signal }) => analyzedCrops.crop(request, signal),
    },
  });

  const die = (error: unknown) => {
    log('error', `uncaught: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    setTimeout(leave, farewell);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
  process.on('disconnect', leave);
}

/** At once: `process.exit` would end the inference thread amid native code, which aborts. What is stored survives this. */
function leave(): void {
  process.kill(process.pid, 'SIGKILL');
}

/** The editor and the pages come first: the engine may keep every core busy for minutes. */
function yieldToEditor(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // A sandbox may forbid it; the work is done all the same.
  }
}

yieldToEditor();
serve();
