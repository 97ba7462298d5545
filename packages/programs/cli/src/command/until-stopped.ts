import { constants } from 'node:os';
import { isatty } from 'node:tty';

/** Standard input, output and error. */
const STREAMS = [0, 1, 2];
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What asks a process to stop, and what it does instead where it is told to go on. */
export interface StopOptions {
  /** Called at SIGHUP where no terminal was closed: a service is told so to read its files anew. */
  readonly onReload?: () => void;
}

/** How often it is looked whether npm is still there: it is told of no other process's death. */
const PARENT_EVERY_MS = 500;

/** Under npm a request may come twice, to all processes and from npm: within this time it is one. */
const SAME_REQUEST_MS = 1000;

/**
 * Resolves when a person (Ctrl-C) or the system asks this process to stop. A second request ends it at once, for when the
 * orderly end hangs. Where npm started this process, it is also asked by the death of npm, whose Ctrl-C would never reach it again,
 * and where another program did by a channel, by the end of that.
 */
export function untilStopped(environment = process.env, { onReload }: StopOptions = {}): Promise<void> {
  const terminals = onReload === undefined ? [] : STREAMS.filter((stream) => isatty(stream));
  return new Promise((resolve) => {
    if (environment.npm_lifecycle_event !== undefined) onParentsDeath(resolve);
    if (process.connected) process.once('disconnect', resolve);
    let askedMs: number | undefined;
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        // The streams of a terminal that was closed are none of a terminal any more (termios(3)).
        if (signal === 'SIGHUP' && onReload !== undefined && terminals.every((stream) => isatty(stream))) {
          onReload();
          return;
        }
        const nowMs = performance.now();
        askedMs ??= nowMs;
        if (nowMs - askedMs > SAME_REQUEST_MS) process.exit(128 + constants.signals[signal]);
        resolve();
      });
    }
  });
}

/** A process whose parent died has another one. */
function onParentsDeath(then: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    then();
  }, PARENT_EVERY_MS);
  timer.unref();
}
