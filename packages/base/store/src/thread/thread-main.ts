import { parentPort } from 'node:worker_threads';
import { systemClock } from '@medkit/edges/node/clock';
import { serveStores } from './serve-stores.ts';

if (!parentPort) throw new Error('this module is to be started as a worker thread');
serveStores({ port: parentPort, clock: systemClock });
