import type { Clock } from '@medkit/edges';
import { ENCAPSULATION_BYTES } from '../cdr/encapsulation.ts';
import type { Change } from '../history/change.ts';
import { WriterHistory } from '../history/writer-history.ts';
import type { WriteOptions, WriterOptions } from '../model/api.ts';
import type { Guid } from '../model/guid.ts';
import type { Sample } from '../model/sample.ts';
import type { Agenda, Alarm } from '../participant/agenda.ts';
import type { QosPolicies } from '../qos/policies.ts';
import type { Destination, Outbox } from '../transport/outbox.ts';
import { ENTITYID_UNKNOWN } from '../wire/entity-ids.ts';
import { GUID_BYTES, hexOf } from '../wire/guid-octets.ts';
import type { MessageWriter } from '../wire/message-writer.ts';
import type { NumberSet } from '../wire/number-set.ts';
import { AcknowledgementWaiters } from './acknowledgement-waiters.ts';
import { ChangeRepairer } from './change-repairer.ts';
import { dataFields, sendChange } from './change-sender.ts';
import { fragmentCount } from './fragment-size.ts';
import { encodeExpectedInlineQos, encodeInlineQos } from './inline-qos.ts';
import { changeAsSample, type LocalLinks } from './local-links.ts';
import type { ReaderMatch } from './reader-match.ts';
import type { Repairer, RepairQueue } from './repair-queue.ts';

/** Heartbeats while something is not acknowledged: the first one soon after a write, then with twice the wait each. */
const FIRST_HEARTBEAT_MS = 10;
const LAST_HEARTBEAT_MS = 1000;
/** A heartbeat rides on a sample after this many, or so many octets, without one. */
const HEARTBEAT_SAMPLES = 32;
const HEARTBEAT_BYTES = 64 * 1024;
/** An ACKNACK that asks for a heartbeat gets one, but not more often than this: two peers must not ping-pong. */
const ASKED_HEARTBEAT_MS = 10;

export interface LocalWriterOptions {
  readonly guid: Guid;
  readonly entityId: number;
  readonly qos: QosPolicies;
  readonly options: WriterOptions;
  readonly clock: Clock;
  readonly agenda: Agenda;
  readonly outbox: Outbox;
  readonly repairs: RepairQueue;
  readonly locals: LocalLinks;
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
  readonly #locals: LocalLinks;
  readonly #history: WriterHistory;
  readonly #repairer: ChangeRepairer;
  readonly #keepsHistory: boolean;
  readonly #matches = new Map<Guid, ReaderMatch>();
  /** The matches by where they are: one datagram serves all readers of a participant. */
  #groups: readonly (readonly ReaderMatch[])[] | undefined;
  #reliableCount = 0;
  readonly #waiters: AcknowledgementWaiters;
  readonly #heartbeatAlarm: Alarm;
  #heartbeatMs = FIRST_HEARTBEAT_MS;
  #heartbeatCount = 0;
  #samplesSinceHeartbeat = 0;
  #bytesSinceHeartbeat = 0;
  #last = 0;
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
    this.#locals = deps.locals;
    this.#history = new WriterHistory(deps.qos.history);
    this.#keepsHistory = deps.qos.durability !== 'volatile';
    this.#waiters = new AcknowledgementWaiters(deps.agenda);
    this.#repairer = new ChangeRepairer({
      writerId: deps.entityId,
      history: this.#history,
      agenda: deps.agenda,
      outbox: deps.outbox,
      isExpired: (change) => this.#isExpired(change),
      inlineQosFor: (match, change) => this.#inlineQosFor(match, change),
      heartbeat: (message, match) => this.#heartbeat(message, match.readerId, this.#firstFor(match), false),
      nextFragmentCount: () => this.#nextHeartbeatCount(),
    });
    this.#heartbeatAlarm = deps.agenda.alarm(() => this.#heartbeatLagging());
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  get lastSequenceNumber(): number {
    return this.#last;
  }

  write(payload: Uint8Array, options: WriteOptions = {}): number {
    return this.#publish('alive', payload, options.keyHash, options);
  }

  /** Says that an instance is gone. `key` is its serialised key, where a reader needs more than the hash. */
  end(change: Exclude<Sample['change'], 'alive'>, keyHash: Uint8Array, key: Uint8Array = new Uint8Array(0)): void {
    this.#publish(change, key, keyHash, {});
  }

  /** The number from which a reader that matches now has a claim to the history. */
  startFor(reader: QosPolicies): number {
    return this.#keepsHistory && reader.durability !== 'volatile' ? 1 : this.#last + 1;
  }

  match(match: ReaderMatch): void {
    this.#matches.set(match.reader.guid, match);
    this.#groups = undefined;
    if (match.reliable) this.#reliableCount += 1;
    if (!match.reliable || this.#last === 0) return;
    // What came before its time is told at once, so that a volatile reader does not ask for it.
    const message = this.#outbox.to(match.destination);
    if (match.start > 1) message.gap(match.readerId, this.entityId, 1, match.start);
    this.#heartbeat(message, match.readerId, this.#firstFor(match), false);
    this.#outbox.send();
    this.#rearm();
  }

  unmatch(reader: Guid): ReaderMatch | undefined {
    const match = this.#matches.get(reader);
    if (!match) return undefined;
    this.#matches.delete(reader);
    this.#groups = undefined;
    if (match.reliable) this.#reliableCount -= 1;
    this.#settle();
    return match;
  }

  matchOf(reader: Guid): ReaderMatch | undefined {
    return this.#matches.get(reader);
  }

  matches(): Iterable<ReaderMatch> {
    return this.#matches.values();
  }

  /** Hands the history to a local reader that wants it. */
  replay(deliver: (sample: Sample) => void): void {
    for (const change of this.#history.changes())
      if (!this.#isExpired(change)) deliver(changeAsSample(change, this, this.#clock.wallMs()));
  }

  ackNack(match: ReaderMatch, state: NumberSet, count: number, final: boolean): void {
    if (!match.reliable) return;
    if (!final && state.base <= 1 && state.members.length === 0) match.restart(count);
    else if (!match.acceptsAck(count)) return;
    match.hasAnswered = true;
    const nowMs = this.#agenda.nowMs();
    if (state.base - 1 > match.acknowledged && state.base <= this.#last + 1) {
      match.acknowledge(state.base - 1);
      this.#heartbeatMs = FIRST_HEARTBEAT_MS;
      this.#settle();
    }
    for (const number of state.members) if (number > 0 && number <= this.#last) match.request(number, nowMs);
    this.#repairs.add(this, match);
    if (final || state.members.length > 0 || nowMs - match.askedMs < ASKED_HEARTBEAT_MS) return;
    match.askedMs = nowMs;
    this.#heartbeatTo(match);
  }

  /**
   * Answers a reader that found this writer but is not accepted by it: nothing was written so far. Without an answer Fast
   * DDS asks twenty times a second for ever; with this one it still gets everything if it is accepted later.
   */
  turnAway(reader: Destination, readerId: number): void {
    this.#outbox.to(reader).heartbeat(readerId, this.entityId, 1, 0, this.#nextHeartbeatCount(), true);
    this.#outbox.send();
  }

  nackFrag(match: ReaderMatch, sequenceNumber: number, fragments: NumberSet, count: number): void {
    if (!match.reliable || !match.acceptsNackFrag(count)) return;
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
    if (this.#matches.get(match.reader.guid) === match) return this.#repairer.repair(match, this.#last);
    match.acknowledge(Number.POSITIVE_INFINITY);
    return 0;
  }

  acknowledged(timeoutMs: number): Promise<boolean> {
    if (this.#lowestAcknowledged() >= this.#last) return Promise.resolve(true);
    return this.#waiters.wait(this.#last, timeoutMs);
  }

  close(): void {
    this.#closed = true;
    this.#heartbeatAlarm.cancel();
    this.#waiters.close();
    this.#matches.clear();
    this.#groups = undefined;
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
    const idle = !this.#heartbeatAlarm.isSet;
    this.#samplesSinceHeartbeat += 1;
    this.#bytesSinceHeartbeat += payload.length;
    const asks =
      idle || this.#samplesSinceHeartbeat >= HEARTBEAT_SAMPLES || this.#bytesSinceHeartbeat >= HEARTBEAT_BYTES;
    this.#sendToReaders(change, asks);
    this.#locals.publish(this, () => changeAsSample(change, this, this.#clock.wallMs()), to);
    // With nobody to hear of it, the end of an instance is history at once.
    if (kind !== 'alive' && this.#reliableCount === 0) this.#settle();
    if (this.#reliableCount > 0) {
      this.#heartbeatMs = FIRST_HEARTBEAT_MS;
      this.#heartbeatAlarm.setAtMost(FIRST_HEARTBEAT_MS);
    }
    return this.#last;
  }

  #sendToReaders(change: Change, asks: boolean): void {
    if (change.to !== undefined) {
      const match = this.#matches.get(change.to);
      if (match) this.#sendTo([match], change, asks);
      return;
    }
    this.#groups ??= this.#grouped();
    for (const group of this.#groups) {
      // Those who were skipped before, or want inline QoS, are served one by one.
      if (group.length === 1 || group.every((match) => !match.expectsInlineQos && this.#isUpToDate(match, change))) {
        this.#sendTo(group, change, asks);
      } else for (const match of group) this.#sendTo([match], change, asks);
    }
  }

  #isUpToDate(match: ReaderMatch, { sequenceNumber }: Change): boolean {
    return !match.reliable || match.told === sequenceNumber - 1;
  }

  #sendTo(group: readonly ReaderMatch[], change: Change, asks: boolean): void {
    const [match] = group;
    const readerId = group.length === 1 ? match.readerId : ENTITYID_UNKNOWN;
    const { sequenceNumber } = change;
    const inlineQos = this.#inlineQosFor(match, change);
    sendChange(
      this.#outbox,
      match.destination,
      change,
      dataFields(change, this.entityId, readerId, inlineQos),
      (message) => {
        if (!this.#isUpToDate(match, change)) message.gap(readerId, this.entityId, match.told + 1, sequenceNumber);
      },
      (message) => {
        if (!asks || !group.some(({ reliable }) => reliable)) return;
        const first = Math.min(...group.map((each) => this.#firstFor(each)));
        this.#heartbeat(message, readerId, first, false);
      },
    );
    for (const each of group) each.told = sequenceNumber;
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

  #heartbeat(message: MessageWriter, readerId: number, first: number, final: boolean): void {
    this.#samplesSinceHeartbeat = 0;
    this.#bytesSinceHeartbeat = 0;
    message.heartbeat(readerId, this.entityId, first, this.#last, this.#nextHeartbeatCount(), final);
  }

  /** A heartbeat of its own, behind word of what was written for others since the last it was sent. */
  #heartbeatTo(match: ReaderMatch): void {
    const message = this.#outbox.to(match.destination);
    if (match.told < this.#last) message.gap(match.readerId, this.entityId, match.told + 1, this.#last + 1);
    match.told = this.#last;
    // Where nothing is left to acknowledge, no answer is asked for.
    this.#heartbeat(message, match.readerId, this.#firstFor(match), match.acknowledged >= this.#last);
    this.#outbox.send();
  }

  #nextHeartbeatCount(): number {
    this.#heartbeatCount = (this.#heartbeatCount + 1) | 0;
    return this.#heartbeatCount;
  }

  #heartbeatLagging(): void {
    let lagging = false;
    for (const match of this.#matches.values()) {
      if (!match.reliable || match.acknowledged >= this.#last) continue;
      lagging = true;
      this.#heartbeatTo(match);
    }
    if (!lagging) return;
    this.#heartbeatAlarm.set(this.#heartbeatMs);
    this.#heartbeatMs = Math.min(this.#heartbeatMs * 2, LAST_HEARTBEAT_MS);
  }

  #rearm(): void {
    this.#heartbeatMs = FIRST_HEARTBEAT_MS;
    this.#heartbeatAlarm.setAtMost(FIRST_HEARTBEAT_MS);
  }

  #lowestAcknowledged(): number {
    let lowest = this.#last;
    for (const { reliable, acknowledged } of this.#matches.values()) {
      if (reliable && acknowledged < lowest) lowest = acknowledged;
    }
    return lowest;
  }

  /** Drops what nobody will ask for again and tells those who wait. */
  #settle(): void {
    const lowest = this.#lowestAcknowledged();
    if (!this.#keepsHistory) this.#history.removeBelow(lowest + 1, () => true);
    else if (this.#history.ended > 0) this.#history.removeBelow(lowest + 1, ({ change }) => change !== 'alive');
    this.#waiters.acknowledged(lowest);
    if (lowest >= this.#last) this.#heartbeatAlarm.cancel();
  }

  #grouped(): readonly (readonly ReaderMatch[])[] {
    const groups = new Map<unknown, ReaderMatch[]>();
    for (const match of this.#matches.values()) {
      const group = groups.get(match.destination);
      if (group) group.push(match);
      else groups.set(match.destination, [match]);
    }
    return [...groups.values()];
  }
}

/** A write after `close`. */
export class WriterClosed extends Error {
  override readonly name = 'WriterClosed';
}
