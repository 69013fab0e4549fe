import { availableParallelism } from 'node:os';
import { UserError } from '../../common/errors';
import { memoryOf } from '../threads/portTransport';
import { Thread } from '../threads/thread';
import type { AnalyseImage, ImageTask } from './analyseImage';
import type { ImageResult } from '../store/imageResult';

/** What an analysis thread answers. */
export interface AnalysisSide {
  methods: { analyse: { params: ImageTask; result: ImageResult } };
  events: Record<never, never>;
}

/** More would wait for the network, the disk or each other. */
const mostThreads = 4;

/** Threads that analyse at once; one core is the network's. */
export const analysisThreadCount = Math.max(1, Math.min(mostThreads, availableParallelism() - 1));

/**
 * Analyses in threads, so that a run over many images keeps up with a GPU and the calling thread stays free. They are
 * started when they are needed, one that has died is replaced, and those without work keep no process from ending.
 *
 * @param file the bundle of `imageAnalysis/main.ts`
 */
export function analyseImageInThreads(file: string): AnalyseImage {
  let threads: { readonly thread: Thread<AnalysisSide>; tasks: number }[] = [];

  const leastBusy = () => {
    threads = threads.filter(({ thread }) => thread.isAlive).sort((a, b) => a.tasks - b.tasks);
    const first = threads.at(0);
    if (first !== undefined && (first.tasks === 0 || threads.length >= analysisThreadCount)) return first;
    const started = { thread: startThread(file), tasks: 0 };
    threads.push(started);
    return started;
  };

  return async task => {
    const chosen = leastBusy();
    chosen.tasks++;
    chosen.thread.holdProcess(true);
    try {
      return await chosen.thread.messages.request('analyse', task);
    } finally {
      if (--chosen.tasks === 0) chosen.thread.holdProcess(false);
    }
  };
}

function startThread(file: string): Thread<AnalysisSide> {
  return new Thread<AnalysisSide>(file, {
    name: 'focal-lens-analysis',
    events: {},
    moved: message => {
      const { params } = message as { params?: Partial<ImageTask> };
      return params?.forward === undefined ? [] : memoryOf([params.forward.logits, params.forward.deltas]);
    },
    failure: cause =>
      new UserError(`the thread that analyses images stopped: ${cause.message}`, { remedy: 'run again', cause }),
  });
}
