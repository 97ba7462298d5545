import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Clock } from '@medkit/edges';
import { systemClock } from '@medkit/edges/node';

/** A clock with short waits: the tests are about answers, not about pauses. */
export const fastClock: Clock = {
  wallNs: () => systemClock.wallNs(),
  wallMs: () => systemClock.wallMs(),
  monotonicMs: () => systemClock.monotonicMs(),
  after: (delayMs, callback) => systemClock.after(delayMs / 5000, callback),
  every: (periodMs, callback) => systemClock.every(periodMs, callback),
};

/** Returns the memory in use after garbage collection. */
export function usedBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
