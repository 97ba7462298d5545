import type { SocketAddress } from '@medkit/edges';
import { MAX_SAMPLE_BYTES, ReassemblyTable } from '../fragments/reassembly-table.ts';
import type { MemoryBudget } from '../history/memory-budget.ts';
import type { RemoteEndpoint } from '../model/remote.ts';
import type { Sample } from '../model/sample.ts';
import type { Agenda, Alarm } from '../participant/agenda.ts';
import type { Drops } from '../participant/drops.ts';
import type { Destination, Outbox } from '../transport/outbox.ts';
import { vendorNamed } from '../vendors/vendors.ts';
import { entityIdOf } from '../wire/guid-octets.ts';
import type { MessageWriter } from '../wire/message-writer.ts';
import { MAX_SET_BITS, type NumberSet } from '../wire/number-set.ts';
import type { DataFragSubmessage, DataSubmessage, HeartbeatSubmessage, Message } from '../wire/submessages.ts';
import type { LocalReader } from './local-reader.ts';
import { ReorderBuffer } from './reorder-buffer.ts';
import { RepairPolicy } from './repair-policy.ts';
import { isShort, sampleOf } from './sample-of.ts';
import type { WriterMatch } from './writer-match.ts';

/**
 * The first acknowledgement in so long goes out with the turn that it is asked in; those behind it are put off this long and
 * sent as one: Fast DDS asks for one with nearly every sample.
 */
const RESPONSE_DELAY_MS = 2;
/** A gap seen without a heartbeat may be mere reordering: wait a little before asking. */
const REORDERING_DELAY_MS = 5;
/** Fragments of a sample that come no more for this long are taken for lost. */
const FRAGMENT_QUIET_MS = 10;
/** Samples in reassembly at once, and how many of them one response asks fragments of. */
const MAX_REASSEMBLIES = 32;
const MAX_NACK_FRAGS = 4;
/** A writer that tells each new reader of its history is asked only where nothing of that has come. */
const HISTORY_TOLD_MS = 10;
/** The pre-emptive ACKNACK is repeated, with twice the wait each time, until the writer's first heartbeat. */
const FIRST_PREEMPTIVE_MS = 50;
const LAST_PREEMPTIVE_MS = 5000;
/**
 * Heartbeats that end below what was received already, this many and for this long, with nothing newer between them:
 * the writer was restarted under the same GUID. Fewer are merely late.
 */
const RESTART_HEARTBEATS = 3;
const RESTART_MS = 500;

export interface MatchOptions {
  readonly reader: LocalReader;
  readonly writer: RemoteEndpoint;
  /** The writer was matched before, and may not have noticed that this was over. */
  readonly isKnown: boolean;
  /** Where this writer's acknowledgements go. */
  readonly destination: Destination;
  readonly agenda: Agenda;
  readonly outbox: Outbox;
  readonly budget: MemoryBudget;
  readonly drops: Drops;
}

/** A local reliable reader's side of one reliable writer (RTPS 2.5, 8.4.12.2). */
export class ReliableMatch implements WriterMatch {
  writer: RemoteEndpoint;
  readonly readerId: number;
  heardMs: number;
  readonly #writerId: number;
  readonly #reader: LocalReader;
  #destination: Destination;
  readonly #agenda: Agenda;
  readonly #outbox: Outbox;
  readonly #drops: Drops;
  readonly #buffer: ReorderBuffer;
  readonly #reassemblies: ReassemblyTable;
  readonly #policy = new RepairPolicy();
  readonly #response: Alarm;
  /**
   * A volatile reader has no claim to what a transient-local writer keeps for others, and some writers would send it all
   * the same. What a volatile writer still has it keeps for somebody who did not acknowledge it, which may be this
   * reader; and there are writers that tell each reader from where on it has a claim.
   */
  readonly #skipsHistory: boolean;
  readonly #firstAskMs: number;
  /** The highest number known to have been written. */
  #last = 0;
  #heartbeatCount: number | undefined;
  /**
   * There are writers that send what this reader acknowledged in a match before only if it asks first, whatever is requested:
   * a heartbeat of their own accord is no answer to that.
   */
  #mustAsk: boolean;
  /** A heartbeat has come since this match was made. */
  #isAnswered = false;
  #isClosed = false;
  #regressions = 0;
  #regressionMs = 0;
  #ackWanted = false;
  #respondedMs = Number.NEGATIVE_INFINITY;
  #preemptiveMs = FIRST_PREEMPTIVE_MS;
  #count: number;
  #replyTo: readonly SocketAddress[] | undefined;

  constructor({ reader, writer, isKnown, destination, agenda, outbox, budget, drops }: MatchOptions) {
    this.#reader = reader;
    this.#count = reader.highestCount;
    this.readerId = reader.entityId;
    this.writer = writer;
    this.heardMs = agenda.nowMs();
    this.#writerId = entityIdOf(writer.guid);
    this.#destination = destination;
    this.#agenda = agenda;
    this.#outbox = outbox;
    this.#drops = drops;
    const { tellsHistory } = vendorNamed(writer.vendorId);
    const hasHistory = writer.qos.durability !== 'volatile';
    this.#mustAsk = isKnown && hasHistory;
    this.#firstAskMs = tellsHistory && hasHistory ? HISTORY_TOLD_MS : 0;
    this.#skipsHistory = !tellsHistory && hasHistory && reader.qos.durability === 'volatile';
    this.#buffer = new ReorderBuffer({
      deliver: (sample) => this.#reader.deliver(sample),
      lost: (count) => this.#reader.lost(this.writer, count),
      budget,
    });
    this.#reassemblies = new ReassemblyTable({ budget, drops, limit: MAX_REASSEMBLIES, giveUp: 'highest' });
    this.#response = agenda.alarm(() => this.#respond());
  }

  /**
   * Asks the writer for a heartbeat. One that had come before the writer was known serves as well, but does not replace
   * it: samples may have come behind it, and Fast DDS says so of its own accord only seconds later.
   */
  start(early: HeartbeatSubmessage | undefined): void {
    if (early) this.#takeHeartbeat(early);
    this.#response.setAtMost(this.#firstAskMs);
  }

  ask(): void {
    if (this.#isAnswered || this.#isClosed) return;
    this.#preemptiveMs = FIRST_PREEMPTIVE_MS;
    this.#response.set(0);
  }

  announced(writer: RemoteEndpoint, destination: Destination): void {
    this.writer = writer;
    this.#destination = destination;
  }

  data(message: Message, data: DataSubmessage): void {
    const { sequenceNumber } = data;
    if (this.#buffer.has(sequenceNumber)) return;
    this.#put(sampleOf(message, data, this.writer));
  }

  dataFrag(message: Message, fragment: DataFragSubmessage): void {
    const { sequenceNumber } = fragment;
    if (this.#buffer.has(sequenceNumber)) return;
    if (fragment.sampleBytes > MAX_SAMPLE_BYTES) {
      this.#refuse(sequenceNumber);
      return;
    }
    const sample = this.#reassemblies.add(message, fragment, this.writer);
    if (sample) this.#put(sample);
    else {
      if (sequenceNumber > this.#last) this.#last = sequenceNumber;
      this.#response.setAtMost(FRAGMENT_QUIET_MS);
    }
  }

  heartbeat(message: Message, heartbeat: HeartbeatSubmessage): void {
    // Answers go to another port of the same host at most: nobody can have them sent to a third party.
    const { replyTo, from } = message;
    this.#replyTo = replyTo?.address === from.address ? [replyTo] : undefined;
    this.#isAnswered = true;
    this.#takeHeartbeat(heartbeat);
  }

  #takeHeartbeat({ first, last, count, final, livelinessOnly }: HeartbeatSubmessage): void {
    if (!this.#isNews(last, count)) return;
    if (!this.#buffer.isStarted) {
      this.#buffer.start(Math.max(1, this.#skipsHistory ? last + 1 : first));
    } else if (first > this.#buffer.next) {
      this.#buffer.loseBelow(first);
      this.#reassemblies.removeBelow(first);
    }
    if (last > this.#last) this.#last = last;
    if (livelinessOnly) {
      this.heardMs = this.#agenda.nowMs();
      return;
    }
    this.#reassemblies.announceAll(last);
    if (!final) this.#ackWanted = true;
    if (this.#buffer.next <= this.#last) this.#response.setAtMost(RESPONSE_DELAY_MS);
    else if (!final) this.#acknowledge();
  }

  /** Nothing is missing: the writer need not wait for a timer, nor this process wake for one. */
  #acknowledge(): void {
    if (this.#agenda.nowMs() - this.#respondedMs < RESPONSE_DELAY_MS) {
      this.#response.setAtMost(RESPONSE_DELAY_MS);
      return;
    }
    this.#response.cancel();
    this.#respond();
  }

  heartbeatFrag(sequenceNumber: number, lastFragment: number): void {
    if (this.#buffer.has(sequenceNumber)) return;
    if (sequenceNumber > this.#last) this.#last = sequenceNumber;
    this.#reassemblies.announce(sequenceNumber, lastFragment);
    this.#response.setAtMost(FRAGMENT_QUIET_MS);
  }

  gap(start: number, list: NumberSet): void {
    this.#buffer.skip(start, list.base);
    for (const member of list.members) this.#buffer.skip(member, member + 1);
    this.#reassemblies.removeBelow(this.#buffer.next);
  }

  startOver(): void {
    this.#forget();
    this.#heartbeatCount = undefined;
    this.#isAnswered = false;
    this.#preemptiveMs = FIRST_PREEMPTIVE_MS;
    this.#response.set(0);
  }

  close(): void {
    this.#isClosed = true;
    this.#reader.highestCount = Math.max(this.#reader.highestCount, this.#count);
    this.#response.cancel();
    this.#buffer.close();
    this.#reassemblies.clear();
  }

  #put(sample: Sample): void {
    const { sequenceNumber } = sample;
    if (isShort(sample)) {
      this.#drops.count('short-payload');
      this.#buffer.skip(sequenceNumber, sequenceNumber + 1);
      return;
    }
    this.#policy.observe(sample.payload.length);
    this.#regressions = 0;
    if (sequenceNumber > this.#last) this.#last = sequenceNumber;
    if (!this.#buffer.put(sample)) {
      this.#drops.count('held-full');
      return;
    }
    if (this.#buffer.isStarted && this.#buffer.next <= this.#last) this.#response.setAtMost(REORDERING_DELAY_MS);
  }

  #refuse(sequenceNumber: number): void {
    this.#drops.count('sample-too-large');
    this.#reader.lost(this.writer, 1);
    this.#buffer.skip(sequenceNumber, sequenceNumber + 1);
  }

  /** Drops heartbeats that were overtaken (8.3.8.6.5), but notices a writer that counts from the beginning again. */
  #isNews(last: number, count: number): boolean {
    const known = this.#heartbeatCount;
    // Counts wrap as 32-bit integers do.
    const isOld = known !== undefined && ((count - known) | 0) <= 0;
    if (this.#buffer.isStarted && last < this.#buffer.next - 1) {
      this.#regressions += 1;
      const nowMs = this.#agenda.nowMs();
      if (this.#regressions === 1) this.#regressionMs = nowMs;
      if (this.#regressions < RESTART_HEARTBEATS || nowMs - this.#regressionMs < RESTART_MS) return false;
      this.#restart();
    } else if (isOld) return false;
    this.#regressions = 0;
    this.#heartbeatCount = count;
    return true;
  }

  #restart(): void {
    this.#drops.count('writer-restarted');
    this.#forget();
  }

  #forget(): void {
    this.#buffer.reset();
    this.#reassemblies.clear();
    this.#policy.reset();
    this.#last = 0;
  }

  #respond(): void {
    // A listener may have closed its reader while a sample was being taken in.
    if (this.#isClosed) return;
    if (!this.#isAnswered || this.#mustAsk) this.#preempt();
    if (!this.#buffer.isStarted) return;
    const nowMs = this.#agenda.nowMs();
    this.#respondedMs = nowMs;
    const base = this.#buffer.next;
    const missing = this.#missing(base, nowMs);
    if (missing.length > 0 || this.#ackWanted) {
      this.#ackWanted = false;
      this.#count += 1;
      this.#tell((message) => message.ackNack(this.readerId, this.#writerId, base, missing, this.#count, true));
    }
    if (missing.length > 0) this.#policy.requested(base, missing[missing.length - 1], nowMs);
    if (this.#reassemblies.size > 0) this.#requestFragments(nowMs);
    if (base <= this.#last) this.#response.setAtMost(this.#nextResponseMs(nowMs));
  }

  /** RTPS 2.5, 8.4.2.3.4 lets a reader ask first. */
  #preempt(): void {
    const base = vendorNamed(this.writer.vendorId).firstBase;
    this.#mustAsk = false;
    this.#count += 1;
    const { readerId } = this;
    this.#outbox.tell(this.#destination, (message) =>
      message.ackNack(readerId, this.#writerId, base, [], this.#count, false),
    );
    this.#response.set(this.#preemptiveMs);
    this.#preemptiveMs = Math.min(this.#preemptiveMs * 2, LAST_PREEMPTIVE_MS);
  }

  #missing(base: number, nowMs: number): readonly number[] {
    const end = Math.min(this.#last, base + Math.min(this.#policy.windowSamples, MAX_SET_BITS) - 1);
    const mayRepeat = this.#policy.mayRepeat(nowMs);
    const missing: number[] = [];
    for (let number = base; number <= end; number += 1) {
      if (!mayRepeat && !this.#policy.isNew(number)) continue;
      if (!this.#buffer.has(number) && !this.#reassemblies.has(number)) missing.push(number);
    }
    return missing;
  }

  #requestFragments(nowMs: number): void {
    let asked = 0;
    for (const reassembly of this.#reassemblies.values()) {
      if (asked === MAX_NACK_FRAGS) return;
      if (reassembly.requestDueMs(FRAGMENT_QUIET_MS, nowMs) > 0) continue;
      const missing = reassembly.request(nowMs);
      if (missing.length === 0) continue;
      asked += 1;
      this.#count += 1;
      const { sequenceNumber } = reassembly;
      this.#tell((message) => message.nackFrag(this.readerId, this.#writerId, sequenceNumber, missing, this.#count));
    }
  }

  #tell(write: (message: MessageWriter) => void): void {
    this.#outbox.tell(this.#destination, write, this.#replyTo);
  }

  #nextResponseMs(nowMs: number): number {
    let dueMs = this.#policy.retryInMs(nowMs);
    if (this.#reassemblies.size > 0) {
      dueMs = dueMs > 0 ? dueMs : Number.POSITIVE_INFINITY;
      for (const reassembly of this.#reassemblies.values()) {
        dueMs = Math.min(dueMs, reassembly.requestDueMs(FRAGMENT_QUIET_MS, nowMs));
      }
    }
    return Math.max(RESPONSE_DELAY_MS, dueMs);
  }
}
