import { setTimeout as delay } from 'node:timers/promises';
import { untilStopped } from './until-stopped.ts';

let signal: AbortSignal | undefined;
let stopCommand: (() => void) | undefined;

/**
 * Returns a signal that is aborted by Ctrl-C, by SIGTERM or SIGHUP, or when standard output is closed (`| head`). A command that
 * uses it must end then.
 */
export function stopSignal(): AbortSignal {
  if (signal === undefined) {
    const stopping = new AbortController();
    const stop = () => stopping.abort();
    void untilStopped().then(stop);
    stopCommand = stop;
    signal = stopping.signal;
  }
  return signal;
}

/**
 * Ends this process without an error when standard output is closed: aborts the stop signal if the command uses it, otherwise
 * exits. Ignores a closed standard error, so that the command can still clean up.
 */
export function exitOnClosedOutput(): void {
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    if (stopCommand === undefined) process.exit(0);
    stopCommand();
  });
}

/** Waits `ms` milliseconds. Returns false if `signal` is aborted earlier. */
export async function waitUnlessAborted(ms: number, signal: AbortSignal): Promise<boolean> {
  return delay(ms, true, { signal }).catch(() => false);
}
