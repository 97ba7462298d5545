import { parentPort } from 'node:worker_threads';
import { systemClock } from '@medkit/edges/node/clock';
import { serveStores } from './serve-stores.ts';

if (!parentPort) throw new Error('this module is to be started as a worker thread');
serveStores({ port: parentPort, clock: systemClock, tidyMemory: () => void tidyMemory() });

/**
 * Collects garbage of this thread alone; any other flavour gives nothing back to the system. Whether it may be asked for is
 * said for a moment, since Node compiles all of its own anew where it is started so.
 */
async function tidyMemory(): Promise<void> {
  const [{ setFlagsFromString }, { runInNewContext }] = await Promise.all([import('node:v8'), import('node:vm')]);
  setFlagsFromString('--expose-gc');
  const gc: NodeJS.GCFunction = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
