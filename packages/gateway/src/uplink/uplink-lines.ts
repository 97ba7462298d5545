import type { Clock } from '@medkit/edges';
import type { UplinkLog } from '@medkit/uplink';

/** What a client requests of the log. */
export interface LogRequest {
  /** Number of the last record that it has. */
  readonly after: number;
  /** Maximum number of records. */
  readonly limit: number;
  /** Characters of text after which the reply ends. */
  readonly maxChars: number;
  /** Milliseconds for which the reply waits for further records. */
  readonly waitMs: number;
}

interface LinesOptions {
  readonly log: UplinkLog;
  readonly request: LogRequest;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Returns the requested records in blocks of whole lines, and those that are written while the reply waits. */
export async function* uplinkLines({ log, request, clock, signal }: LinesOptions): AsyncGenerator<string> {
  const { limit, maxChars, waitMs } = request;
  const changes = wakeUp();
  const stopListening = log.onWritten(changes.wake);
  const timer = waitMs > 0 ? clock.after(waitMs, changes.end) : changes.end();
  signal.addEventListener('abort', changes.end);
  let { after } = request;
  let [records, chars] = [0, 0];
  try {
    while (!signal.aborted && records < limit && chars < maxChars) {
      const page = await log.read(after, limit - records);
      const fitting = [];
      for (const line of page) {
        if (chars >= maxChars) break;
        fitting.push(line);
        chars += line.text.length + 1;
      }
      const last = fitting.at(-1);
      if (last) {
        after = last.seq;
        records += fitting.length;
        yield fitting.map(({ text }) => `${text}\n`).join('');
      } else if (!(await changes.next())) return;
    }
  } finally {
    timer?.cancel();
    stopListening();
    signal.removeEventListener('abort', changes.end);
  }
}

/** Waits for a wake-up; one that arrives while nothing waits is remembered. */
function wakeUp() {
  let [isWoken, isOver] = [false, false];
  let waiting: (() => void) | undefined;
  return {
    wake: (): void => {
      isWoken = true;
      waiting?.();
    },
    end: (): void => {
      isOver = true;
      waiting?.();
    },
    /** Resolves with false once it is over. */
    next: async (): Promise<boolean> => {
      if (!isWoken && !isOver) await new Promise<void>((resolve) => (waiting = resolve));
      waiting = undefined;
      const more = isWoken;
      isWoken = false;
      return more && !isOver;
    },
  };
}
