import { setTimeout as delay } from 'node:timers/promises';
import { untilStopped } from './until-stopped.ts';

let signal: AbortSignal | undefined;
let nobodyReads: (() => void) | undefined;

/**
 * Aborted when a person (Ctrl-C) or the system asks this process to stop, or nobody reads its output any more (`| head`).
 * Who asks for it has to end then.
 */
export function stopSignal(): AbortSignal {
  if (signal === undefined) {
    const stopping = new AbortController();
    const stop = () => stopping.abort();
    void untilStopped().then(stop);
    nobodyReads = stop;
    signal = stopping.signal;
  }
  return signal;
}

/**
 * Ends this process quietly, or in order where it can, when its output is closed: it has nobody left to work for. Complaints
 * that nobody reads are no reason to end, nor to leave anything behind.
 */
export function endWithoutReader(): void {
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    if (nobodyReads === undefined) process.exit(0);
    nobodyReads();
  });
}

/** Waits so long; false where `signal` was aborted before it was over. */
export async function goesOn(ms: number, signal: AbortSignal): Promise<boolean> {
  return delay(ms, true, { signal }).catch(() => false);
}
