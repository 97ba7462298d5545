import type { SocketAddress } from '@medkit/edges';
import type { Agenda, Alarm } from '../agenda.ts';
import type { Drops } from '../drops.ts';
import type { MemoryBudget } from '../history/memory-budget.ts';
import type { RemoteEndpoint } from '../model/remote.ts';
import type { Sample } from '../model/sample.ts';
import type { Destination, Outbox } from '../transport/outbox.ts';
import { vendorNamed } from '../vendors/vendors.ts';
import { entityIdOf } from '../wire/guid-octets.ts';
import type { MessageWriter } from '../wire/message-writer.ts';
import { MAX_SET_BITS, type NumberSet } from '../wire/number-set.ts';
import type { DataFragSubmessage, DataSubmessage, HeartbeatSubmessage, Message } from '../wire/submessages.ts';
import { decodeSample, isShort } from './decode-sample.ts';
import { MAX_SAMPLE_BYTES, ReassemblyTable } from './fragments/reassembly-table.ts';
import type { LocalReader } from './local-reader.ts';
import { ReorderBuffer } from './reorder-buffer.ts';
import { RepairPolicy } from './repair-policy.ts';
import type { WriterMatch } from './writer-match.ts';

/**
 * Minimum interval between acknowledgements. The first one is sent in the turn that requests it; later requests are
 * delayed by this time and combined. Fast DDS requests an acknowledgement with nearly every sample.
 */
const RESPONSE_DELAY_MS = 2;
/** Delay before requesting a sample whose gap was detected without a heartbeat: it may only be reordered. */
const REORDERING_DELAY_MS = 5;
/** Time without further fragments of a sample after which the missing ones count as lost. */
const FRAGMENT_QUIET_MS = 10;
/** Maximum samples in reassembly, and for how many of them one response requests fragments. */
const MAX_REASSEMBLIES = 32;
const MAX_NACK_FRAGS = 4;
/**
 * Delay of the first request to a writer that announces its history to each new reader. The request is then rarely
 * needed.
 */
const HISTORY_WAIT_MS = 10;
/** The pre-emptive ACKNACK is repeated, with doubled delay each time, until the writer's first heartbeat. */
const FIRST_PREEMPTIVE_MS = 50;
const LAST_PREEMPTIVE_MS = 5000;
/**
 * Number and duration of heartbeats that end below the received samples, with nothing newer between them, after which
 * the writer counts as restarted under the same GUID. Fewer of them are merely late.
 */
const RESTART_HEARTBEATS = 3;
const RESTART_MS = 500;

export interface MatchOptions {
  readonly reader: LocalReader;
  readonly writer: RemoteEndpoint;
  /** The writer was matched earlier and may not have noticed that the match ended. */
  readonly isKnown: boolean;
  /** Destination of acknowledgements. */
  readonly destination: Destination;
  readonly agenda: Agenda;
  readonly outbox: Outbox;
  readonly budget: MemoryBudget;
  readonly drops: Drops;
}

/** A local reliable reader's side of a match with one reliable writer (RTPS 2.5, 8.4.12.2). */
export class ReliableMatch implements WriterMatch {
  writer: RemoteEndpoint;
  readonly readerId: number;
  lastReceivedMs: number;
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
   * Whether samples written before the match are skipped. A volatile reader is not entitled to the history of a
   * transient-local writer, but some writers would send it. A volatile writer stores samples only until they are
   * acknowledged, possibly by this reader. Writers that announce the start of the history need no skipping either.
   */
  readonly #skipsHistory: boolean;
  readonly #firstAskMs: number;
  /** The highest sequence number known to be written. */
  #last = 0;
  #heartbeatCount: number | undefined;
  /**
   * Whether a request must be sent although a heartbeat arrived. Some writers resend samples that this reader
   * acknowledged in an earlier match only after an initial request. An unsolicited heartbeat is not an answer to it.
   */
  #mustAsk: boolean;
  /** Whether a heartbeat arrived during this match. */
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
    this.lastReceivedMs = agenda.nowMs();
    this.#writerId = entityIdOf(writer.guid);
    this.#destination = destination;
    this.#agenda = agenda;
    this.#outbox = outbox;
    this.#drops = drops;
    const { tellsHistory } = vendorNamed(writer.vendorId);
    const hasHistory = writer.qos.durability !== 'volatile';
    this.#mustAsk = isKnown && hasHistory;
    this.#firstAskMs = tellsHistory && hasHistory ? HISTORY_WAIT_MS : 0;
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
   * Requests a heartbeat from the writer. A heartbeat from before the writer's announcement is used, but does not
   * replace the request: samples may have followed it, and Fast DDS sends the next one unasked only seconds later.
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
    this.#put(decodeSample(message, data, this.writer));
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
    // Answers go at most to another port of the same host, so that a sender cannot redirect them to a third party.
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
      this.lastReceivedMs = this.#agenda.nowMs();
      return;
    }
    this.#reassemblies.announceAll(last);
    if (!final) this.#ackWanted = true;
    if (this.#buffer.next <= this.#last) this.#response.setAtMost(RESPONSE_DELAY_MS);
    else if (!final) this.#acknowledge();
  }

  /** Nothing is missing: acknowledges immediately if the minimum interval allows it, without a timer. */
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

  /** Drops outdated heartbeats (8.3.8.6.5), but detects a writer whose sequence numbers start again. */
  #isNews(last: number, count: number): boolean {
    const known = this.#heartbeatCount;
    // Counts wrap around as 32-bit integers.
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
    // A listener may have closed its reader while a sample was being processed.
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
      this.#append((message) => message.ackNack(this.readerId, this.#writerId, base, missing, this.#count, true));
    }
    if (missing.length > 0) this.#policy.requested(base, missing[missing.length - 1], nowMs);
    if (this.#reassemblies.size > 0) this.#requestFragments(nowMs);
    if (base <= this.#last) this.#response.setAtMost(this.#nextResponseMs(nowMs));
  }

  /** Sends an ACKNACK before the first heartbeat, as RTPS 2.5, 8.4.2.3.4 allows. */
  #preempt(): void {
    const base = vendorNamed(this.writer.vendorId).firstBase;
    this.#mustAsk = false;
    this.#count += 1;
    const { readerId } = this;
    this.#outbox.append(this.#destination, (message) =>
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
    let requests = 0;
    for (const reassembly of this.#reassemblies.values()) {
      if (requests === MAX_NACK_FRAGS) return;
      if (reassembly.requestDueMs(FRAGMENT_QUIET_MS, nowMs) > 0) continue;
      const missing = reassembly.request(nowMs);
      if (missing.length === 0) continue;
      requests += 1;
      this.#count += 1;
      const { sequenceNumber } = reassembly;
      this.#append((message) => message.nackFrag(this.readerId, this.#writerId, sequenceNumber, missing, this.#count));
    }
  }

  #append(write: (message: MessageWriter) => void): void {
    this.#outbox.append(this.#destination, write, this.#replyTo);
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
