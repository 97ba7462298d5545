import type { Agenda, Alarm } from '../agenda.ts';
import type { ReaderMatch } from './reader-match.ts';

/**
 * Limits the repairs of one participant to 128 MB/s, so that one reader with many requests cannot starve the others.
 */
const BYTES_PER_ROUND = 256 * 1024;
const ROUND_MS = 2;

/** Sends one datagram of requested samples. Returns its size in octets. */
export interface Repairer {
  repair(match: ReaderMatch): number;
}

interface Entry {
  readonly repairer: Repairer;
  readonly match: ReaderMatch;
}

/** Readers that wait for repairs, served in turn at a limited rate. */
export class RepairQueue {
  readonly #agenda: Agenda;
  readonly #alarm: Alarm;
  #waiting: Entry[] = [];
  #roundMs = Number.NEGATIVE_INFINITY;
  #spentBytes = 0;

  constructor(agenda: Agenda) {
    this.#agenda = agenda;
    this.#alarm = agenda.alarm(() => this.#run());
  }

  add(repairer: Repairer, match: ReaderMatch): void {
    if (match.isQueued || !match.hasRequests) return;
    match.isQueued = true;
    this.#waiting.push({ repairer, match });
    if (!this.#alarm.isSet) this.#run();
  }

  #run(): void {
    const nowMs = this.#agenda.nowMs();
    if (nowMs - this.#roundMs >= ROUND_MS) {
      this.#roundMs = nowMs;
      this.#spentBytes = 0;
    }
    while (this.#waiting.length > 0 && this.#spentBytes < BYTES_PER_ROUND) {
      const turn = this.#waiting;
      this.#waiting = [];
      for (const entry of turn) this.#serve(entry);
    }
    if (this.#waiting.length > 0) this.#alarm.set(ROUND_MS);
  }

  #serve(entry: Entry): void {
    if (this.#spentBytes < BYTES_PER_ROUND) this.#spentBytes += entry.repairer.repair(entry.match);
    if (entry.match.hasRequests) this.#waiting.push(entry);
    else entry.match.isQueued = false;
  }
}
