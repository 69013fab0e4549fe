/** Entry of an analysis thread: pure computation, no native code. */
import { parentPort, type MessagePort } from 'node:worker_threads';
import { MessageHandler, type PassiveSide } from '../../common/messageHandler';
import { portTransport } from '../threads/portTransport';
import { analyseImageHere } from './analyseImage';
import type { AnalysisSide } from './analysisThreads';

function serve(port: MessagePort): void {
  const analyse = analyseImageHere();
  new MessageHandler<AnalysisSide, PassiveSide>(
    portTransport(port, () => []),
    { events: {}, handlers: { analyse: task => analyse(task) } },
  );
}

if (parentPort === null) throw new Error('This file runs as a worker thread.');
serve(parentPort);
