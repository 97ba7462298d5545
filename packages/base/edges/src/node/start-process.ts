import { fork } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Port, Thread } from '../thread.ts';

export interface ProcessOptions {
  /** The module that runs in the process. */
  readonly entry: URL;
  /** Heap limit; exceeding it ends the process. */
  readonly maxHeapMb: number;
}

/** Environment variables that a process receives: no secret of another program. */
const ENVIRONMENT: readonly string[] = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'];
/** Characters of error output kept from the end, which state the reason of the exit. */
const MAX_ERROR_TAIL = 4096;
/** Interval at which a process checks whether its parent is alive. */
const ORPHAN_CHECK_MS = 500;

/** Starts a module in a separate process, which ends with this one. Messages are structured clones. */
export function startProcess({ entry, maxHeapMb }: ProcessOptions): Thread {
  const environment = ENVIRONMENT.map((name) => [name, process.env[name]]);
  const child = fork(entry, {
    execArgv: [`--max-old-space-size=${maxHeapMb}`],
    env: Object.fromEntries(environment.filter(([, value]) => value !== undefined)),
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  let errorTail = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errorTail = (errorTail + text).slice(-MAX_ERROR_TAIL);
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(exitReason(code, signal, errorTail)));
  });
  const port: Port = {
    postMessage: (value) => {
      // A process that has ended receives nothing; `ended` reports its end.
      if (child.connected) child.send(value as object, () => undefined);
    },
    on: (_event, listener) => child.on('message', listener),
  };
  return {
    port,
    ended,
    lowerPriority: () => {
      const isRunning = child.exitCode === null && child.signalCode === null;
      if (child.pid !== undefined && isRunning) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    },
    end: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function exitReason(code: number | null, signal: string | null, errorTail: string): string {
  if (/heap out of memory/i.test(errorTail)) return 'it exceeded its memory limit';
  const error = errorTail.split('\n').find((line) => /^\w*Error\b/.test(line));
  const end = signal ? `signal ${signal}` : `exit code ${code}`;
  return error === undefined ? end : `${end}, ${error.slice(0, 200)}`;
}

/**
 * Returns the port to the parent, in a process that `startProcess` started. The process ends with its parent, even
 * during an endless loop: a separate thread checks for that.
 */
export function childPort(): Port {
  if (!process.send) throw new Error('this module must be started as a separate process');
  process.once('disconnect', () => process.exit());
  const guard = new Worker(ORPHAN_GUARD, {
    eval: true,
    workerData: { parent: process.ppid, everyMs: ORPHAN_CHECK_MS },
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 },
  });
  guard.unref();
  return {
    postMessage: (value) => {
      if (process.connected) process.send?.(value);
    },
    on: (_event, listener) => process.on('message', listener),
  };
}

/** Loads no module, so that it runs before any other code of the process can block. */
const ORPHAN_GUARD = `
  const { parent, everyMs } = require('node:worker_threads').workerData;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  }, everyMs);
`;
