import type { Drops } from '../../drops.ts';
import type { Holder, MemoryBudget } from '../../history/memory-budget.ts';
import type { RemoteEndpoint } from '../../model/remote.ts';
import type { Sample } from '../../model/sample.ts';
import type { DataFragSubmessage, Message } from '../../wire/submessages.ts';
import { decodeSample, hasSampleAttributes } from '../decode-sample.ts';
import { Reassembly } from './reassembly.ts';

/** Maximum sample size, far above any camera or lidar frame. Fragments of larger samples are refused. */
export const MAX_SAMPLE_BYTES = 64 * 1024 * 1024;

interface TableOptions {
  readonly budget: MemoryBudget;
  readonly drops: Drops;
  /** Maximum samples in reassembly. */
  readonly limit: number;
  /**
   * Which sample to drop for a new one at the limit. A best-effort reader will never complete the lowest. A reliable
   * reader waits for the lowest and can request the others again.
   */
  readonly giveUp: 'lowest' | 'highest';
}

/** The samples of one writer in reassembly, limited in number, octets and time. */
export class ReassemblyTable implements Holder<Reassembly> {
  readonly #options: TableOptions;
  readonly #bySequenceNumber = new Map<number, Reassembly>();

  constructor(options: TableOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#bySequenceNumber.size;
  }

  has(sequenceNumber: number): boolean {
    return this.#bySequenceNumber.has(sequenceNumber);
  }

  values(): Iterable<Reassembly> {
    return this.#bySequenceNumber.values();
  }

  /** Adds the fragments of a submessage. Returns the sample if it is complete. */
  add(message: Message, fragment: DataFragSubmessage, writer: RemoteEndpoint): Sample | undefined {
    const { drops } = this.#options;
    const { monotonicMs, receivedMs } = message;
    let reassembly = this.#bySequenceNumber.get(fragment.sequenceNumber);
    if (!reassembly) {
      if (!this.#makeRoom(fragment)) {
        drops.count('reassembly-full');
        return undefined;
      }
      reassembly = new Reassembly(fragment, decodeSample(message, fragment, writer), monotonicMs);
      this.#bySequenceNumber.set(fragment.sequenceNumber, reassembly);
      this.#options.budget.hold(reassembly, this);
    } else if (hasSampleAttributes(message, fragment)) reassembly.head = decodeSample(message, fragment, writer);
    if (!reassembly.add(message.bytes, fragment, monotonicMs)) drops.count('fragment-mismatch');
    // A repeated fragment is not progress.
    else if (reassembly.progressMs === monotonicMs) this.#options.budget.touch(reassembly);
    if (!reassembly.isComplete) return undefined;
    this.remove(fragment.sequenceNumber);
    return { ...reassembly.head, payload: reassembly.payload, receivedMs };
  }

  /** Records that the fragments of a sample up to `lastFragment` have been sent. */
  announce(sequenceNumber: number, lastFragment: number): void {
    this.#bySequenceNumber.get(sequenceNumber)?.announce(lastFragment);
  }

  /** Records that all fragments of the samples up to `last` have been sent. */
  announceAll(last: number): void {
    for (const [number, reassembly] of this.#bySequenceNumber) if (number <= last) reassembly.announceAll();
  }

  remove(sequenceNumber: number): void {
    const found = this.#bySequenceNumber.get(sequenceNumber);
    if (!found) return;
    this.#bySequenceNumber.delete(sequenceNumber);
    this.#options.budget.release(found);
  }

  /** Releases a reassembly whose memory the budget reclaims. A reliable reader requests the sample again. */
  giveUp({ sequenceNumber }: Reassembly): void {
    this.#options.drops.count('reassembly-given-up');
    this.remove(sequenceNumber);
  }

  removeBelow(sequenceNumber: number): void {
    if (this.#bySequenceNumber.size === 0) return;
    for (const number of this.#bySequenceNumber.keys()) if (number < sequenceNumber) this.remove(number);
  }

  clear(): void {
    this.removeBelow(Number.POSITIVE_INFINITY);
  }

  #makeRoom(fragment: DataFragSubmessage): boolean {
    const { limit, giveUp, budget } = this.#options;
    if (this.#bySequenceNumber.size >= limit) {
      const numbers = [...this.#bySequenceNumber.keys()];
      const victim = giveUp === 'lowest' ? Math.min(...numbers) : Math.max(...numbers);
      const isWorthMore = giveUp === 'lowest' ? fragment.sequenceNumber > victim : fragment.sequenceNumber < victim;
      if (!isWorthMore) return false;
      this.remove(victim);
    }
    return budget.makeRoom(Reassembly.bytesFor(fragment), this);
  }
}
