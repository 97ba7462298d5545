import { fork } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Port, Thread } from '../thread.ts';

export interface ProcessOptions {
  /** The module that runs in it. */
  readonly entry: URL;
  /** What grows beyond it ends the process. */
  readonly maxHeapMb: number;
}

/** What a process is told of its surroundings: no secret that another one was given. */
const ENVIRONMENT: readonly string[] = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'];
/** Of what it says at its end, the part that says why. */
const MAX_LAST_WORDS = 4096;
/** Messages of the parent are the first thing it hears; by then it must have begun. */
const ORPHAN_CHECK_MS = 500;

/**
 * Starts a module in a process of its own, which ends with this one and yields to it. Messages are structured clones.
 */
export function startProcess({ entry, maxHeapMb }: ProcessOptions): Thread {
  const environment = ENVIRONMENT.map((name) => [name, process.env[name]]);
  const child = fork(entry, {
    execArgv: [`--max-old-space-size=${maxHeapMb}`],
    env: Object.fromEntries(environment.filter(([, value]) => value !== undefined)),
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  let lastWords = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-MAX_LAST_WORDS);
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(reasonOf(code, signal, lastWords)));
  });
  const port: Port = {
    postMessage: (value) => {
      // One that has ended hears nothing; `ended` tells of it.
      if (child.connected) child.send(value as object, () => undefined);
    },
    on: (_event, listener) => child.on('message', listener),
  };
  return {
    port,
    ended,
    end: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function reasonOf(code: number | null, signal: string | null, lastWords: string): string {
  if (/heap out of memory/i.test(lastWords)) return 'it used more memory than it may';
  const error = lastWords.split('\n').find((line) => /^\w*Error\b/.test(line));
  const end = signal ? `signal ${signal}` : `exit code ${code}`;
  return error === undefined ? end : `${end}, ${error.slice(0, 200)}`;
}

/**
 * In a process that `startProcess` started: the way to its parent. The process ends with that one, also while it is busy
 * for ever: a thread of its own looks after it.
 */
export function childPort(): Port {
  if (!process.send) throw new Error('this module is to be started as a process of its own');
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

/** It has no module to load, so that it is there before anything else in the process can be. */
const ORPHAN_GUARD = `
  const { parent, everyMs } = require('node:worker_threads').workerData;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  }, everyMs);
`;
