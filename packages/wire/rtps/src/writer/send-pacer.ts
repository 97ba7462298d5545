import type { Change } from '../history/change.ts';
import type { Agenda, Alarm } from '../participant/agenda.ts';

/**
 * Fragments leave at 128 MB/s at most, in bursts that the receive buffer of a stock Linux (208 KiB) holds: nobody asks a
 * best-effort writer for those that did not fit.
 */
const BURST_BYTES = 128 * 1024;
const ROUND_MS = 1;
/** What is written faster than that for longer than this lasts goes out at once, rather than into memory. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

interface Waiting {
  readonly change: Change;
  /** Sends one a step, and gives its octets. */
  readonly datagrams: Iterator<number>;
}

/** Sends the large samples of one participant, first come first served. */
export class SendPacer {
  readonly #agenda: Agenda;
  readonly #alarm: Alarm;
  readonly #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #spentBytes = 0;
  #roundMs = Number.NEGATIVE_INFINITY;

  constructor(agenda: Agenda) {
    this.#agenda = agenda;
    this.#alarm = agenda.alarm(() => this.#run());
  }

  add(change: Change, datagrams: Iterator<number>): void {
    this.#waiting.push({ change, datagrams });
    this.#waitingBytes += change.payload.length;
    while (this.#waitingBytes > MAX_WAITING_BYTES) this.#step();
    if (!this.#alarm.isSet) this.#run();
  }

  /** Sends all that waits: whoever wrote it is about to leave. */
  flush(): void {
    while (this.#waiting.length > 0) this.#step();
  }

  #run(): void {
    const nowMs = this.#agenda.nowMs();
    if (nowMs - this.#roundMs >= ROUND_MS) {
      this.#roundMs = nowMs;
      this.#spentBytes = 0;
    }
    while (this.#waiting.length > 0 && this.#spentBytes < BURST_BYTES) this.#step();
    if (this.#waiting.length > 0) this.#alarm.set(ROUND_MS);
  }

  /** One datagram of the first that waits. */
  #step(): void {
    const [{ change, datagrams }] = this.#waiting;
    const { done, value } = datagrams.next();
    if (!done) {
      this.#spentBytes += value;
      return;
    }
    this.#waiting.shift();
    this.#waitingBytes -= change.payload.length;
  }
}
