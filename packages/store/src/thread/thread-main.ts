import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '@medkit/edges/node/clock';
import type { ThreadData } from './protocol.ts';
import { serveThread } from './serve-thread.ts';

if (!parentPort) throw new Error('this module is to be started as a worker thread');
serveThread({ port: parentPort, data: workerData as ThreadData, clock: systemClock });
