import { type Guid, type GuidPrefix, prefixOf } from '../model/guid.ts';
import type { Agenda, Alarm } from '../participant/agenda.ts';
import type { Outbox } from '../transport/outbox.ts';
import { ENTITYID_UNKNOWN } from '../wire/entity-ids.ts';
import type { MessageWriter } from '../wire/message-writer.ts';
import { FIRST_HEARTBEAT_MS } from './heartbeat-pace.ts';
import type { ReaderMatch } from './reader-match.ts';

/** A heartbeat rides on a sample after this many, or so many octets, without one. */
const HEARTBEAT_SAMPLES = 32;
const HEARTBEAT_BYTES = 64 * 1024;
/** An ACKNACK that asks for a heartbeat gets one, but not more often than this: two peers must not ping-pong. */
const ASKED_HEARTBEAT_MS = 10;
/** Readers that are reminded before it is others' turn: acknowledgements of the rest may have arrived. */
const REMINDED_AT_ONCE = 16;

interface HeartbeatsOptions {
  readonly writerId: number;
  readonly agenda: Agenda;
  readonly outbox: Outbox;
  readonly matches: ReadonlyMap<Guid, ReaderMatch>;
  /** Somebody waits for the first answer of each reliable reader. */
  readonly wantsAnswers: boolean;
  /** The highest number written. */
  readonly last: () => number;
  /** The lowest number that a reader may still ask for. */
  readonly firstFor: (match: ReaderMatch) => number;
  /** The highest number that a reader may be told of. */
  readonly toldTo: (match: ReaderMatch) => number;
}

/** Heartbeats of one writer: with its samples, on request, and as reminders of what is not acknowledged (RTPS 2.5, 8.4.9.2). */
export class Heartbeats {
  readonly #options: HeartbeatsOptions;
  readonly #alarm: Alarm;
  #count = 0;
  #samplesSince = 0;
  #bytesSince = 0;
  /** Reliable readers whose first answer somebody waits for. */
  #unanswered = 0;

  constructor(options: HeartbeatsOptions) {
    this.#options = options;
    this.#alarm = options.agenda.alarm(() => this.#remindLagging());
  }

  /** Whether the change that is sent now asks for an acknowledgement. */
  get areDue(): boolean {
    return !this.#alarm.isSet || this.#samplesSince >= HEARTBEAT_SAMPLES || this.#bytesSince >= HEARTBEAT_BYTES;
  }

  /** A change of so many octets was written. */
  written(bytes: number): void {
    this.#samplesSince += 1;
    this.#bytesSince += bytes;
  }

  /** A reliable reader is there. */
  joined(match: ReaderMatch): void {
    if (!this.#awaitsAnswer(match)) return;
    this.#unanswered += 1;
    this.#askForAnswer(match);
  }

  /** A participant knows the writer now: its readers can be asked to say so. By itself Fast DDS does that after 70 ms. */
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

  /** A reader is gone. */
  left(match: ReaderMatch): void {
    if (this.#awaitsAnswer(match)) this.#unanswered -= 1;
  }

  /** A reader that had answered has to do so again: its participant finds this one anew. */
  doubt(match: ReaderMatch): void {
    this.left(match);
    match.hasAnswered = false;
    this.joined(match);
  }

  /** Adds a heartbeat for these readers to a message, up to and with `last`. */
  put(message: MessageWriter, group: readonly ReaderMatch[], last: number, final = false): void {
    const { writerId, firstFor } = this.#options;
    this.#samplesSince = 0;
    this.#bytesSince = 0;
    const readerId = group.length === 1 ? group[0].readerId : ENTITYID_UNKNOWN;
    const first = Math.min(last + 1, ...group.map(firstFor));
    message.heartbeat(readerId, writerId, first, last, this.nextCount(), final);
  }

  /** Sends a reader the heartbeat that it asks for, unless it has just had one. */
  sendAsked(match: ReaderMatch): void {
    const nowMs = this.#options.agenda.nowMs();
    if (nowMs - match.askedMs < ASKED_HEARTBEAT_MS) return;
    match.askedMs = nowMs;
    this.#send(match);
  }

  /** The count of the next heartbeat, with or without fragments. */
  nextCount(): number {
    this.#count = (this.#count + 1) | 0;
    return this.#count;
  }

  /** A reader is to be reminded soon of what it has not acknowledged by then. */
  restart(match: ReaderMatch): void {
    match.pace.restart(this.#options.agenda.nowMs());
    this.remind();
  }

  /** Those that lag are to be reminded soon, each at its own pace. */
  remind(): void {
    this.#alarm.setAtMost(FIRST_HEARTBEAT_MS);
  }

  /** One that was served just now is to be reminded when it has had time to answer that. */
  remindServed({ pace }: ReaderMatch): void {
    const { agenda, last } = this.#options;
    this.#alarm.setAtMost(Math.max(FIRST_HEARTBEAT_MS, pace.dueInMs(last(), agenda.nowMs())));
  }

  /** Everything is acknowledged: nobody need be reminded, but to say that it is there. */
  rest(): void {
    if (this.#unanswered === 0) this.stop();
  }

  stop(): void {
    this.#alarm.cancel();
  }

  /** A heartbeat of its own, behind word of what was written for others since the last it was sent. */
  #send(match: ReaderMatch): void {
    const { writerId, outbox, toldTo } = this.#options;
    const last = toldTo(match);
    // Where nothing is left to acknowledge, no answer is asked for.
    const final = match.acknowledged >= last && !this.#awaitsAnswer(match);
    outbox.tell(match.destination, (message) => {
      if (match.told < last) message.gap(match.readerId, writerId, match.told + 1, last + 1);
      this.put(message, [match], last, final);
    });
    match.told = last;
  }

  #awaitsAnswer({ reliable, hasAnswered }: ReaderMatch): boolean {
    return reliable && !hasAnswered && this.#options.wantsAnswers;
  }

  /** Asks until it answers: a reader that has heard a heartbeat asks for none by itself any more. */
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
