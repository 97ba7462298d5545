import type { Agenda, Alarm } from '../agenda.ts';
import type { Change } from '../history/change.ts';

/**
 * Limits fragments to 128 MB/s, in bursts that fit into the default receive buffer of Linux (208 KiB). Readers cannot
 * request lost fragments from a best-effort writer.
 */
const BURST_BYTES = 128 * 1024;
const ROUND_MS = 1;
/** Maximum waiting data. Beyond it, samples are sent immediately instead of being buffered. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

interface Waiting {
  readonly change: Change;
  /** Sends one datagram per step, and yields its size in octets. */
  readonly datagrams: Iterator<number>;
}

/** Sends the large samples of one participant in the order in which they were written. */
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

  /** Sends everything that waits, before its writer or participant is closed. */
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

  /** Sends one datagram of the first waiting sample. */
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
