import type { Holder, MemoryBudget } from '../history/memory-budget.ts';
import type { RemoteEndpoint } from '../model/remote.ts';
import type { Sample } from '../model/sample.ts';
import type { Drops } from '../participant/drops.ts';
import { sampleOf, saysMore } from '../reader/sample-of.ts';
import type { DataFragSubmessage, Message } from '../wire/submessages.ts';
import { Reassembly } from './reassembly.ts';

/** Fragments of a sample larger than this are refused: no camera or lidar frame comes near it. */
export const MAX_SAMPLE_BYTES = 64 * 1024 * 1024;

interface TableOptions {
  readonly budget: MemoryBudget;
  readonly drops: Drops;
  /** Samples under way at once. */
  readonly limit: number;
  /**
   * Which to give up for a new one when all places are taken: a best-effort reader will never complete the oldest, a
   * reliable one waits for the lowest and can ask for the others again.
   */
  readonly giveUp: 'lowest' | 'highest';
}

/** The samples of one writer that are being put together, bounded in number, octets and time. */
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

  /** Adds what a submessage brings. Gives the sample when it is complete. */
  add(message: Message, fragment: DataFragSubmessage, writer: RemoteEndpoint): Sample | undefined {
    const { drops } = this.#options;
    const { monotonicMs, receivedMs } = message;
    let reassembly = this.#bySequenceNumber.get(fragment.sequenceNumber);
    if (!reassembly) {
      if (!this.#makeRoom(fragment)) {
        drops.count('reassembly-full');
        return undefined;
      }
      reassembly = new Reassembly(fragment, sampleOf(message, fragment, writer), monotonicMs);
      this.#bySequenceNumber.set(fragment.sequenceNumber, reassembly);
      this.#options.budget.hold(reassembly, this);
    } else if (saysMore(message, fragment)) reassembly.head = sampleOf(message, fragment, writer);
    if (!reassembly.add(message.bytes, fragment, monotonicMs)) drops.count('fragment-mismatch');
    // A repeated fragment is no progress.
    else if (reassembly.progressMs === monotonicMs) this.#options.budget.touch(reassembly);
    if (!reassembly.isComplete) return undefined;
    this.remove(fragment.sequenceNumber);
    return { ...reassembly.head, payload: reassembly.payload, receivedMs };
  }

  /** Fragments of a sample up to `lastFragment` have been sent. */
  announce(sequenceNumber: number, lastFragment: number): void {
    this.#bySequenceNumber.get(sequenceNumber)?.announce(lastFragment);
  }

  /** All fragments of the samples up to `last` have been sent. */
  announceAll(last: number): void {
    for (const [number, reassembly] of this.#bySequenceNumber) if (number <= last) reassembly.announceAll();
  }

  remove(sequenceNumber: number): void {
    const found = this.#bySequenceNumber.get(sequenceNumber);
    if (!found) return;
    this.#bySequenceNumber.delete(sequenceNumber);
    this.#options.budget.release(found);
  }

  /** Its octets are wanted elsewhere. The sample is asked for again where its writer is reliable. */
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
