import { parentPort } from 'node:worker_threads';
import { systemClock } from '@medkit/edges/node/clock';
import { serveStores } from './serve-stores.ts';

if (!parentPort) throw new Error('this module must be started as a worker thread');
serveStores({ port: parentPort, clock: systemClock, tidyMemory: () => void tidyMemory() });

/**
 * Collects the garbage of this thread; no other mode returns memory to the system. Enables the `gc` function only for a
 * moment, because a start with `--expose-gc` makes Node.js compile its own modules again.
 */
async function tidyMemory(): Promise<void> {
  const [{ setFlagsFromString }, { runInNewContext }] = await Promise.all([import('node:v8'), import('node:vm')]);
  setFlagsFromString('--expose-gc');
  const gc: NodeJS.GCFunction = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
