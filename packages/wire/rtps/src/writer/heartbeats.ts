import type { Agenda, Alarm } from '../agenda.ts';
import { type Guid, type GuidPrefix, prefixOf } from '../model/guid.ts';
import type { Outbox } from '../transport/outbox.ts';
import { ENTITYID_UNKNOWN } from '../wire/entity-ids.ts';
import type { MessageWriter } from '../wire/message-writer.ts';
import { FIRST_HEARTBEAT_MS } from './heartbeat-pace.ts';
import type { ReaderMatch } from './reader-match.ts';

/** A sample includes a heartbeat after this many samples or octets without one. */
const HEARTBEAT_SAMPLES = 32;
const HEARTBEAT_BYTES = 64 * 1024;
/** Minimum interval of heartbeats sent on request by an ACKNACK, so that two peers do not ping-pong. */
const REQUESTED_HEARTBEAT_MS = 10;
/** Maximum readers sent a heartbeat per alarm. Acknowledgements of the others may already be queued. */
const REMINDED_AT_ONCE = 16;

interface HeartbeatsOptions {
  readonly writerId: number;
  readonly agenda: Agenda;
  readonly outbox: Outbox;
  readonly matches: ReadonlyMap<Guid, ReaderMatch>;
  /** Whether the writer has an `onAnswered` callback, which waits for the first answer of each reliable reader. */
  readonly wantsAnswers: boolean;
  /** Returns the highest number written. */
  readonly last: () => number;
  /** Returns the lowest number that the reader may still request. */
  readonly firstFor: (match: ReaderMatch) => number;
  /** Returns the highest number that may be announced to the reader. */
  readonly announcedTo: (match: ReaderMatch) => number;
}

/**
 * Heartbeats of one writer: with its samples, on request, and as reminders of missing acknowledgements (RTPS 2.5,
 * 8.4.9.2).
 */
export class Heartbeats {
  readonly #options: HeartbeatsOptions;
  readonly #alarm: Alarm;
  #count = 0;
  #samplesSince = 0;
  #bytesSince = 0;
  /** Number of reliable readers whose first answer is awaited. */
  #unanswered = 0;

  constructor(options: HeartbeatsOptions) {
    this.#options = options;
    this.#alarm = options.agenda.alarm(() => this.#remindLagging());
  }

  /** Whether the change being sent should request an acknowledgement. */
  get areDue(): boolean {
    return !this.#alarm.isSet || this.#samplesSince >= HEARTBEAT_SAMPLES || this.#bytesSince >= HEARTBEAT_BYTES;
  }

  /** Records that a change of this size was written. */
  written(bytes: number): void {
    this.#samplesSince += 1;
    this.#bytesSince += bytes;
  }

  /** A reader was matched. */
  addMatch(match: ReaderMatch): void {
    if (!this.#awaitsAnswer(match)) return;
    this.#unanswered += 1;
    this.#askForAnswer(match);
  }

  /**
   * A participant knows the writer now, so its readers can be asked to answer. Fast DDS would answer unasked after 70
   * ms.
   */
  knownTo(participant: GuidPrefix): void {
    if (this.#unanswered === 0) return;
    for (const match of this.#options.matches.values()) {
      if (this.#awaitsAnswer(match) && prefixOf(match.reader.guid) === participant) this.#askForAnswer(match);
    }
  }

  /** A reader has answered. */
  answered(match: ReaderMatch): void {
    this.left(match);
    match.hasAnswered = true;
  }

  /** A reader was unmatched. */
  left(match: ReaderMatch): void {
    if (this.#awaitsAnswer(match)) this.#unanswered -= 1;
  }

  /** A reader must answer again, because its participant discovers this one again. */
  doubt(match: ReaderMatch): void {
    this.left(match);
    match.hasAnswered = false;
    this.addMatch(match);
  }

  /** Adds a heartbeat for these readers to a message, up to and including `last`. */
  put(message: MessageWriter, group: readonly ReaderMatch[], last: number, final = false): void {
    const { writerId, firstFor } = this.#options;
    this.#samplesSince = 0;
    this.#bytesSince = 0;
    const readerId = group.length === 1 ? group[0].readerId : ENTITYID_UNKNOWN;
    const first = Math.min(last + 1, ...group.map(firstFor));
    message.heartbeat(readerId, writerId, first, last, this.nextCount(), final);
  }

  /** Sends a requested heartbeat, unless the reader has just received one. */
  sendRequested(match: ReaderMatch): void {
    const nowMs = this.#options.agenda.nowMs();
    if (nowMs - match.requestedHeartbeatMs < REQUESTED_HEARTBEAT_MS) return;
    match.requestedHeartbeatMs = nowMs;
    this.#send(match);
  }

  /** Returns the count of the next HEARTBEAT or HEARTBEAT_FRAG. */
  nextCount(): number {
    this.#count = (this.#count + 1) | 0;
    return this.#count;
  }

  /** Sends a reader a heartbeat soon if it has not acknowledged everything by then. */
  restart(match: ReaderMatch): void {
    match.pace.restart(this.#options.agenda.nowMs());
    this.remind();
  }

  /** Sends heartbeats to lagging readers soon, each on its own schedule. */
  remind(): void {
    this.#alarm.setAtMost(FIRST_HEARTBEAT_MS);
  }

  /** Schedules a heartbeat for a reader that was just served, after its time to answer. */
  remindServed({ pace }: ReaderMatch): void {
    const { agenda, last } = this.#options;
    this.#alarm.setAtMost(Math.max(FIRST_HEARTBEAT_MS, pace.dueInMs(last(), agenda.nowMs())));
  }

  /** Everything is acknowledged: stops the heartbeats unless a first answer is awaited. */
  rest(): void {
    if (this.#unanswered === 0) this.stop();
  }

  stop(): void {
    this.#alarm.cancel();
  }

  /** Sends a separate heartbeat, preceded by a GAP for samples that were written for other readers. */
  #send(match: ReaderMatch): void {
    const { writerId, outbox, announcedTo } = this.#options;
    const last = announcedTo(match);
    // If nothing is left to acknowledge, no answer is requested.
    const final = match.acknowledged >= last && !this.#awaitsAnswer(match);
    outbox.append(match.destination, (message) => {
      if (match.lastSent < last) message.gap(match.readerId, writerId, match.lastSent + 1, last + 1);
      this.put(message, [match], last, final);
    });
    match.lastSent = last;
  }

  #awaitsAnswer({ reliable, hasAnswered }: ReaderMatch): boolean {
    return reliable && !hasAnswered && this.#options.wantsAnswers;
  }

  /**
   * Repeats the heartbeat until the reader answers. A reader that received a heartbeat no longer requests one itself.
   */
  #askForAnswer(match: ReaderMatch): void {
    this.#send(match);
    this.restart(match);
  }

  #remindLagging(): void {
    const { agenda, matches } = this.#options;
    const nowMs = agenda.nowMs();
    const last = this.#options.last();
    let nextMs = Number.POSITIVE_INFINITY;
    let reminded = 0;
    for (const match of matches.values()) {
      if (!match.reliable || (match.acknowledged >= last && !this.#awaitsAnswer(match))) continue;
      if (match.pace.dueInMs(last, nowMs) <= 0) {
        if (reminded === REMINDED_AT_ONCE) {
          this.#alarm.set(0);
          return;
        }
        reminded += 1;
        match.pace.reminded(last, nowMs);
        match.destination.reminded(nowMs);
        this.#send(match);
      }
      nextMs = Math.min(nextMs, match.pace.dueInMs(last, nowMs));
    }
    if (nextMs < Number.POSITIVE_INFINITY) this.#alarm.set(Math.max(FIRST_HEARTBEAT_MS, nextMs));
  }
}
