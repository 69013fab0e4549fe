import { availableParallelism } from 'node:os';
import { memoryOf } from '../threads/portTransport';
import { Thread, ThreadStoppedError } from '../threads/thread';
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

/** Threads hold some hundred megabytes each; the images of a run come quicker than this, milliseconds. */
const defaultIdleTime = 10_000;

interface BusyThread {
  readonly thread: Thread<AnalysisSide>;
  tasks: number;
  /** Ends it. */
  idle: NodeJS.Timeout | undefined;
}

/**
 * Analyses in threads, so that a run over many images keeps up with a GPU and the calling thread stays free. They are
 * started when they are needed and ended when they are not, one that has died is replaced, and those without work keep no
 * process from ending.
 *
 * @param file the bundle of `imageAnalysis/main.ts`
 * @param idleTime after which a thread without work ends, milliseconds
 */
export function analyseImageInThreads(
  file: string,
  idleTime = defaultIdleTime,
): (...args: Parameters<AnalyseImage>) => Promise<ImageResult> {
  let threads: BusyThread[] = [];

  const leastBusy = () => {
    threads = threads.filter(({ thread }) => thread.isAlive).sort((a, b) => a.tasks - b.tasks);
    const first = threads.at(0);
    if (first !== undefined && (first.tasks === 0 || threads.length >= analysisThreadCount)) return first;
    const started: BusyThread = { thread: startThread(file), tasks: 0, idle: undefined };
    threads.push(started);
    return started;
  };

  return async (task, signal) => {
    const chosen = leastBusy();
    clearTimeout(chosen.idle);
    chosen.tasks++;
    chosen.thread.holdProcess(true);
    try {
      return await chosen.thread.messages.request('analyse', task, { signal });
    } finally {
      if (--chosen.tasks === 0) {
        chosen.thread.holdProcess(false);
        chosen.idle = setTimeout(() => void chosen.thread.end(), idleTime).unref();
      }
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
      new ThreadStoppedError(`the thread that analyses images stopped: ${cause.message}`, {
        remedy: 'run again',
        cause,
      }),
  });
}
