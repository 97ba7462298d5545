import type { Clock } from '@medkit/edges';
import type { Agenda } from '../agenda.ts';
import { ENCAPSULATION_BYTES } from '../cdr/encapsulation.ts';
import type { Change } from '../history/change.ts';
import { WriterHistory } from '../history/writer-history.ts';
import type { WriteOptions, WriterOptions } from '../model/api.ts';
import type { Guid, GuidPrefix } from '../model/guid.ts';
import type { RemoteEndpoint } from '../model/remote.ts';
import type { Sample } from '../model/sample.ts';
import type { QosPolicies } from '../qos/policies.ts';
import type { Destination, Outbox } from '../transport/outbox.ts';
import { isBuiltin } from '../wire/entity-ids.ts';
import { GUID_BYTES, hexOf } from '../wire/guid-octets.ts';
import type { NumberSet } from '../wire/number-set.ts';
import { AcknowledgementFloor } from './acknowledgement-floor.ts';
import { AcknowledgementWaiters } from './acknowledgement-waiters.ts';
import { ChangeRepairer } from './change-repairer.ts';
import { ChangeSender } from './change-sender.ts';
import { fragmentCount } from './fragment-size.ts';
import { Heartbeats } from './heartbeats.ts';
import { encodeExpectedInlineQos, encodeInlineQos } from './inline-qos.ts';
import { changeAsSample, type LocalLinks } from './local-links.ts';
import type { ReaderMatch } from './reader-match.ts';
import type { Repairer, RepairQueue } from './repair-queue.ts';
import type { SendPacer } from './send-pacer.ts';

/** Maximum history that is sent to a new reader unrequested: it fits into one datagram. */
const SHORT_HISTORY_BYTES = 4096;
const SHORT_HISTORY_CHANGES = 16;

export interface LocalWriterOptions {
  readonly guid: Guid;
  readonly entityId: number;
  readonly qos: QosPolicies;
  readonly options: WriterOptions;
  readonly clock: Clock;
  readonly agenda: Agenda;
  readonly outbox: Outbox;
  readonly repairs: RepairQueue;
  readonly pacer: SendPacer;
  readonly locals: LocalLinks<LocalWriter>;
  /** A reader has sent its first ACKNACK. */
  readonly answered: (reader: RemoteEndpoint) => void;
  /** A reader has acknowledged samples beyond `before`. */
  readonly acknowledged?: (match: ReaderMatch, before: number) => void;
  /** A reader that had acknowledged samples requests them from the start. */
  readonly startedOver?: (match: ReaderMatch) => void;
}

/** A writer of this participant (RTPS 2.5, 8.4.7 and 8.4.9). */
export class LocalWriter implements Repairer {
  readonly kind = 'writer';
  readonly guid: Guid;
  readonly entityId: number;
  readonly qos: QosPolicies;
  readonly options: WriterOptions;
  readonly #clock: Clock;
  readonly #agenda: Agenda;
  readonly #outbox: Outbox;
  readonly #repairs: RepairQueue;
  readonly #pacer: SendPacer;
  readonly #locals: LocalLinks<LocalWriter>;
  readonly #events: Pick<LocalWriterOptions, 'answered' | 'acknowledged' | 'startedOver'>;
  readonly #history: WriterHistory;
  readonly #repairer: ChangeRepairer;
  readonly #keepsHistory: boolean;
  readonly #matches = new Map<Guid, ReaderMatch>();
  readonly #floor = new AcknowledgementFloor(() => this.#matches.values());
  readonly #sender: ChangeSender;
  #reliableCount = 0;
  readonly #waiters: AcknowledgementWaiters;
  readonly #heartbeats: Heartbeats;
  /** The highest number written, and the highest number whose transmission has begun. */
  #last = 0;
  #sent = 0;
  /** Number of changes not completely sent yet. */
  #waiting = 0;
  #closed = false;

  constructor(deps: LocalWriterOptions) {
    this.guid = deps.guid;
    this.entityId = deps.entityId;
    this.qos = deps.qos;
    this.options = deps.options;
    this.#clock = deps.clock;
    this.#agenda = deps.agenda;
    this.#outbox = deps.outbox;
    this.#repairs = deps.repairs;
    this.#pacer = deps.pacer;
    this.#locals = deps.locals;
    this.#events = deps;
    this.#history = new WriterHistory(deps.qos.history);
    this.#keepsHistory = deps.qos.durability !== 'volatile';
    this.#waiters = new AcknowledgementWaiters(deps.agenda);
    this.#heartbeats = new Heartbeats({
      writerId: deps.entityId,
      agenda: deps.agenda,
      outbox: deps.outbox,
      matches: this.#matches,
      wantsAnswers: deps.options.onAnswered !== undefined,
      last: () => this.#last,
      firstFor: (match) => this.#firstFor(match),
      announcedTo: (match) => this.#announcedTo(match),
    });
    this.#repairer = new ChangeRepairer({
      writerId: deps.entityId,
      history: this.#history,
      agenda: deps.agenda,
      outbox: deps.outbox,
      isExpired: (change) => this.#isExpired(change),
      inlineQosFor: (match, change) => this.#inlineQosFor(match, change),
      heartbeat: (message, match) => {
        this.#heartbeats.put(message, [match], this.#announcedTo(match));
        match.pace.served(this.#last, deps.agenda.nowMs());
      },
      nextFragmentCount: () => this.#heartbeats.nextCount(),
    });
    this.#sender = new ChangeSender({
      writerId: deps.entityId,
      outbox: deps.outbox,
      matches: this.#matches,
      inlineQosFor: (match, change) => this.#inlineQosFor(match, change),
      heartbeat: (message, group, last) => this.#heartbeats.put(message, group, last),
    });
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** The highest number that a newly matched reader learns from a heartbeat only. */
  get sentSequenceNumber(): number {
    return this.#sent;
  }

  write(payload: Uint8Array, options: WriteOptions = {}): number {
    return this.#publish('alive', payload, options.keyHash, options);
  }

  /** Ends an instance. `key` is its serialised key, for readers that need more than the hash. */
  end(change: Exclude<Sample['change'], 'alive'>, keyHash: Uint8Array, key: Uint8Array = new Uint8Array(0)): void {
    this.#publish(change, key, keyHash, {});
  }

  /** Returns the first sequence number that a newly matched reader is entitled to. */
  startFor(reader: QosPolicies): number {
    return this.#keepsHistory && reader.durability !== 'volatile' ? 1 : this.#last + 1;
  }

  match(match: ReaderMatch): void {
    this.#matches.set(match.reader.guid, match);
    this.#sender.regroup();
    if (!match.reliable) return;
    this.#reliableCount += 1;
    this.#floor.addMatch(match);
    this.#heartbeats.addMatch(match);
    if (this.#sent === 0) {
      // Both sides of a builtin topic match at about the same time. A reader that learns that there is nothing yet need
      // not ask.
      if (isBuiltin(this.entityId)) {
        this.#outbox.piggyback(match.destination, (message) => this.#heartbeats.put(message, [match], 0, true));
      }
      return;
    }
    if (this.#isShortFor(match)) this.#sendHistory(match);
    else {
      // A GAP for earlier samples, so that a volatile reader does not request them.
      this.#outbox.append(match.destination, (message) => {
        if (match.start > 1) message.gap(match.readerId, this.entityId, 1, match.start);
        this.#heartbeats.put(message, [match], this.#announcedTo(match));
      });
      match.pace.served(this.#last, this.#agenda.nowMs());
    }
    this.#heartbeats.remindServed(match);
  }

  unmatch(reader: Guid): ReaderMatch | undefined {
    const match = this.#matches.get(reader);
    if (!match) return undefined;
    this.#matches.delete(reader);
    this.#sender.regroup();
    if (!match.reliable) return match;
    this.#reliableCount -= 1;
    this.#heartbeats.left(match);
    if (this.#floor.left(match.acknowledged)) this.#settle();
    return match;
  }

  /** A reader was announced again, possibly with other locators. */
  moved(match: ReaderMatch, reader: RemoteEndpoint, destination: Destination): void {
    match.reader = reader;
    if (match.destination === destination) return;
    match.destination = destination;
    this.#sender.regroup();
  }

  /** The participant of a reader discovers this one again, so the reader's acknowledgements no longer count. */
  forgottenBy(match: ReaderMatch): void {
    if (!match.reliable) return;
    match.forget();
    this.#floor.addMatch(match);
    this.#heartbeats.doubt(match);
    this.#heartbeats.restart(match);
  }

  /** A participant has acknowledged the announcement of this writer. */
  knownTo(participant: GuidPrefix): void {
    this.#heartbeats.knownTo(participant);
  }

  matchOf(reader: Guid): ReaderMatch | undefined {
    return this.#matches.get(reader);
  }

  matches(): Iterable<ReaderMatch> {
    return this.#matches.values();
  }

  /** Delivers the history to a local reader that requests it. */
  replay(deliver: (sample: Sample) => void): void {
    for (const change of this.#history.changes())
      if (!this.#isExpired(change)) deliver(changeAsSample(change, this, this.#clock.wallMs()));
  }

  ackNack(match: ReaderMatch, state: NumberSet, count: number, final: boolean): void {
    if (!match.reliable) return;
    if (!final && state.base <= 1 && state.members.length === 0) {
      const before = match.acknowledged;
      match.restart(count);
      if (match.acknowledged < before) {
        this.#floor.addMatch(match);
        // The reader's answer to what it is sent now may be lost too.
        this.#heartbeats.restart(match);
        this.#events.startedOver?.(match);
      }
    } else if (!match.acceptsAck(count)) return;
    const isFirst = !match.hasAnswered;
    this.#heartbeats.answered(match);
    const nowMs = this.#agenda.nowMs();
    if (state.base - 1 > match.acknowledged && state.base <= this.#last + 1) {
      const before = match.acknowledged;
      match.acknowledge(state.base - 1);
      if (match.acknowledged < this.#last) this.#heartbeats.restart(match);
      if (this.#floor.left(before)) this.#settle();
      this.#events.acknowledged?.(match, before);
    }
    const last = this.#announcedTo(match);
    for (const number of state.members) if (number > 0 && number <= last) match.request(number, nowMs);
    this.#repairs.add(this, match);
    if (isFirst) this.#events.answered(match.reader);
    if (!this.#closed && !final && state.members.length === 0) this.#heartbeats.sendRequested(match);
  }

  /**
   * Answers a reader that knows this writer but is not accepted by it: "no sample written". Without an answer Fast DDS
   * asks twenty times a second, forever. If the reader is accepted later, it still receives everything.
   */
  turnAway(reader: Destination, readerId: number): void {
    const count = this.#heartbeats.nextCount();
    this.#outbox.append(reader, (message) => message.heartbeat(readerId, this.entityId, 1, 0, count, true));
  }

  nackFrag(match: ReaderMatch, sequenceNumber: number, fragments: NumberSet, count: number): void {
    if (!match.reliable || !match.acceptsNackFrag(count) || sequenceNumber > this.#announcedTo(match)) return;
    const change = this.#history.get(sequenceNumber);
    if (!change) match.request(sequenceNumber, this.#agenda.nowMs());
    else {
      const total = fragmentCount(change.payload);
      const real = fragments.members.filter((number) => number >= 1 && number <= total);
      if (real.length > 0) match.requestFragments(sequenceNumber, real);
    }
    this.#repairs.add(this, match);
  }

  repair(match: ReaderMatch): number {
    if (this.#matches.get(match.reader.guid) === match) return this.#repairer.repair(match, this.#announcedTo(match));
    match.acknowledge(Number.POSITIVE_INFINITY);
    return 0;
  }

  acknowledged(timeoutMs: number): Promise<boolean> {
    if (this.#floor.lowest >= this.#last) return Promise.resolve(true);
    return this.#waiters.wait(this.#last, timeoutMs);
  }

  close(): void {
    this.#closed = true;
    this.#heartbeats.stop();
    this.#waiters.close();
    this.#matches.clear();
    this.#sender.regroup();
  }

  /**
   * Returns whether the history for a new reader is short. False for builtin writers, whose new readers may not know
   * them.
   */
  #isShortFor({ start }: ReaderMatch): boolean {
    const { size, bytes } = this.#history;
    const isShort = size > 0 && size <= SHORT_HISTORY_CHANGES && bytes <= SHORT_HISTORY_BYTES;
    return isShort && start === 1 && this.#waiting === 0 && !isBuiltin(this.entityId);
  }

  #sendHistory(match: ReaderMatch): void {
    const nowMs = this.#agenda.nowMs();
    for (const { sequenceNumber } of this.#history.changes()) match.request(sequenceNumber, nowMs);
    this.#repairs.add(this, match);
    match.forgetRepairs();
  }

  #publish(
    kind: Sample['change'],
    payload: Uint8Array,
    keyHash: Uint8Array | undefined,
    { to, relatedIdentity, sourceMs }: WriteOptions,
  ): number {
    if (this.#closed) throw new WriterClosed(`the writer of ${this.options.topicName} is closed`);
    if (kind === 'alive' && payload.length < ENCAPSULATION_BYTES) {
      throw new RangeError(`a payload starts with its encapsulation header, found ${payload.length} octets`);
    }
    if (keyHash && keyHash.length !== GUID_BYTES) {
      throw new RangeError(`a key hash has ${GUID_BYTES} octets, found ${keyHash.length}`);
    }
    const keeps = this.#keepsHistory || this.#reliableCount > 0;
    if (keeps) this.#history.checkRoom(payload.length);
    this.#last += 1;
    const change: Change = {
      sequenceNumber: this.#last,
      change: kind,
      payload,
      inlineQos: encodeInlineQos({ change: kind, keyHash, relatedIdentity }),
      keyHash,
      relatedIdentity,
      instance: keyHash ? hexOf(keyHash, 0, GUID_BYTES) : '',
      sourceMs: sourceMs ?? this.#clock.wallMs(),
      writtenMs: this.#agenda.nowMs(),
      to,
    };
    if (keeps) this.#history.add(change);
    this.#heartbeats.written(payload.length);
    // All changes wait behind a waiting one, because a best-effort reader drops samples that arrive out of order.
    if (this.#waiting > 0 || (this.#matches.size > 0 && fragmentCount(payload) > 1)) {
      this.#waiting += 1;
      this.#pacer.add(change, this.#sendPaced(change, keeps));
    } else {
      this.#sent = this.#last;
      this.#sender.send(change, this.#heartbeats.areDue);
    }
    this.#locals.publish(this, () => changeAsSample(change, this, this.#clock.wallMs()), to);
    // Without reliable readers, the end of an instance can be dropped immediately.
    if (kind !== 'alive' && this.#reliableCount === 0) this.#settle();
    if (this.#reliableCount > 0) this.#heartbeats.remind();
    return this.#last;
  }

  *#sendPaced(change: Change, keeps: boolean): Generator<number, void> {
    this.#sent = change.sequenceNumber;
    // A keep-last history may have dropped the change while it waited.
    const isWanted = !this.#closed && (!keeps || this.#history.get(change.sequenceNumber) !== undefined);
    if (isWanted) yield* this.#sender.sendPaced(change, this.#heartbeats.areDue);
    this.#waiting -= 1;
  }

  #inlineQosFor(match: ReaderMatch, { inlineQos }: Change): Uint8Array | undefined {
    if (!match.expectsInlineQos) return inlineQos;
    return encodeExpectedInlineQos(this.options.topicName, this.qos, inlineQos);
  }

  #isExpired({ writtenMs }: Change): boolean {
    return this.#agenda.nowMs() - writtenMs > this.qos.lifespanMs;
  }

  #firstFor(match: ReaderMatch): number {
    return Math.max(this.#history.first ?? this.#last + 1, match.start);
  }

  /** Returns the highest number that may be announced to a reader. It excludes changes that wait to be sent. */
  #announcedTo({ lastSent }: ReaderMatch): number {
    return this.#waiting > 0 ? lastSent : this.#sent;
  }

  /** Drops the changes that no reader will request again, and resolves waiters. */
  #settle(): void {
    const lowest = Math.min(this.#floor.lowest, this.#last);
    if (!this.#keepsHistory) this.#history.removeBelow(lowest + 1, () => true);
    else if (this.#history.ended > 0) this.#history.removeBelow(lowest + 1, ({ change }) => change !== 'alive');
    this.#waiters.acknowledged(lowest);
    if (lowest >= this.#last) this.#heartbeats.rest();
  }
}

/** A write after `close`. */
export class WriterClosed extends Error {
  override readonly name = 'WriterClosed';
}
