import { constants } from 'node:os';
import { isatty } from 'node:tty';

/** Standard input, output and error. */
const STREAMS = [0, 1, 2];
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Options of `untilStopped`. */
export interface StopOptions {
  /** Called on SIGHUP, unless a terminal was closed. Services use SIGHUP to reload files. */
  readonly onReload?: () => void;
}

/** Interval for checking whether npm still runs: a process gets no notification when its parent exits. */
const PARENT_EVERY_MS = 500;

/** Signals within this time count as one: under npm, Ctrl-C arrives from the terminal and again from npm. */
const SAME_REQUEST_MS = 1000;

/**
 * Resolves on SIGINT (Ctrl-C), SIGTERM or SIGHUP. A second signal exits immediately, in case the shutdown hangs. Also resolves if
 * npm started this process and exits, because Ctrl-C would no longer reach this process, and if the IPC channel of the parent
 * closes.
 */
export function untilStopped(environment = process.env, { onReload }: StopOptions = {}): Promise<void> {
  const terminals = onReload === undefined ? [] : STREAMS.filter((stream) => isatty(stream));
  return new Promise((resolve) => {
    if (environment.npm_lifecycle_event !== undefined) onParentsDeath(resolve);
    if (process.connected) process.once('disconnect', resolve);
    let firstRequestMs: number | undefined;
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        // The streams of a closed terminal are no longer terminals (termios(3)).
        if (signal === 'SIGHUP' && onReload !== undefined && terminals.every((stream) => isatty(stream))) {
          onReload();
          return;
        }
        const nowMs = performance.now();
        firstRequestMs ??= nowMs;
        if (nowMs - firstRequestMs > SAME_REQUEST_MS) process.exit(128 + constants.signals[signal]);
        resolve();
      });
    }
  });
}

/** Detects the exit of the parent: the process then gets another parent. */
function onParentsDeath(then: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    then();
  }, PARENT_EVERY_MS);
  timer.unref();
}
