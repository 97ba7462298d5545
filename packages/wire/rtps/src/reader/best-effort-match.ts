import type { Drops } from '../drops.ts';
import type { MemoryBudget } from '../history/memory-budget.ts';
import type { RemoteEndpoint } from '../model/remote.ts';
import type { Sample } from '../model/sample.ts';
import type { DataFragSubmessage, DataSubmessage, Message } from '../wire/submessages.ts';
import { decodeSample, isShort } from './decode-sample.ts';
import { MAX_SAMPLE_BYTES, ReassemblyTable } from './fragments/reassembly-table.ts';
import type { LocalReader } from './local-reader.ts';
import type { WriterMatch } from './writer-match.ts';

/**
 * Maximum large samples in reassembly. If fragments of another one arrive, the oldest is assumed to stay incomplete.
 */
const MAX_REASSEMBLIES = 4;

/**
 * A best-effort reader's match: delivers samples in arrival order and drops lower sequence numbers (RTPS 2.5,
 * 8.4.12.1).
 */
export class BestEffortMatch implements WriterMatch {
  writer: RemoteEndpoint;
  readonly readerId: number;
  lastReceivedMs: number;
  readonly #reader: LocalReader;
  readonly #drops: Drops;
  readonly #reassemblies: ReassemblyTable;
  #newest = 0;

  constructor(options: {
    readonly reader: LocalReader;
    readonly writer: RemoteEndpoint;
    readonly budget: MemoryBudget;
    readonly drops: Drops;
    readonly nowMs: number;
  }) {
    this.#reader = options.reader;
    this.readerId = options.reader.entityId;
    this.writer = options.writer;
    this.lastReceivedMs = options.nowMs;
    this.#drops = options.drops;
    this.#reassemblies = new ReassemblyTable({
      budget: options.budget,
      drops: options.drops,
      limit: MAX_REASSEMBLIES,
      giveUp: 'lowest',
    });
  }

  announced(writer: RemoteEndpoint): void {
    this.writer = writer;
  }

  data(message: Message, data: DataSubmessage): void {
    if (data.sequenceNumber > this.#newest) this.#take(decodeSample(message, data, this.writer));
  }

  dataFrag(message: Message, fragment: DataFragSubmessage): void {
    if (fragment.sequenceNumber <= this.#newest) return;
    if (fragment.sampleBytes > MAX_SAMPLE_BYTES) this.#drops.count('sample-too-large');
    else this.#take(this.#reassemblies.add(message, fragment, this.writer));
  }

  heartbeat(): void {
    // A best-effort reader does not answer.
  }

  heartbeatFrag(): void {
    // A best-effort reader does not answer.
  }

  gap(): void {
    // A best-effort reader does not wait for missing samples.
  }

  ask(): void {
    // A best-effort reader sends no requests.
  }

  startOver(): void {
    // A best-effort reader sends no requests.
  }

  close(): void {
    this.#reassemblies.clear();
  }

  #take(sample: Sample | undefined): void {
    if (!sample) return;
    this.#newest = sample.sequenceNumber;
    this.#reassemblies.removeBelow(sample.sequenceNumber);
    if (isShort(sample)) this.#drops.count('short-payload');
    else this.#reader.deliver(sample);
  }
}
