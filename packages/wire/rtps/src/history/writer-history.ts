import type { QosPolicies } from '../qos/policies.ts';
import type { Change } from './change.ts';

/**
 * Limits of a keep-all history. Beyond them `write` throws `HistoryFull`, because a reader has stopped acknowledging.
 */
const MAX_CHANGES = 8192;
const MAX_BYTES = 64 * 1024 * 1024;

/** A keep-all history is at its limit because a matched reader acknowledges too slowly or not at all. */
export class HistoryFull extends Error {
  override readonly name = 'HistoryFull';
}

/** The changes that a writer can resend, oldest first (RTPS 2.5, 8.2.1.3 HistoryCache). */
export class WriterHistory {
  readonly #depth: number;
  readonly #changes = new Map<number, Change>();
  /** Sequence numbers of each instance, oldest first. Maintained for keep-last only. */
  readonly #instances = new Map<string, number[]>();
  #bytes = 0;
  #ended = 0;

  constructor(history: QosPolicies['history']) {
    this.#depth = history.kind === 'keep-last' ? Math.max(1, history.depth) : Number.POSITIVE_INFINITY;
  }

  get size(): number {
    return this.#changes.size;
  }

  /** Total octets of all payloads. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Number of changes that end an instance. */
  get ended(): number {
    return this.#ended;
  }

  /** The lowest stored sequence number, `undefined` if the history is empty. */
  get first(): number | undefined {
    for (const number of this.#changes.keys()) return number;
    return undefined;
  }

  get(sequenceNumber: number): Change | undefined {
    return this.#changes.get(sequenceNumber);
  }

  changes(): Iterable<Change> {
    return this.#changes.values();
  }

  /** Throws `HistoryFull` if a keep-all history has no room for `bytes` more. */
  checkRoom(bytes: number): void {
    if (this.#depth !== Number.POSITIVE_INFINITY) return;
    if (this.#changes.size < MAX_CHANGES && this.#bytes + bytes <= MAX_BYTES) return;
    throw new HistoryFull(`${this.#changes.size} samples (${this.#bytes} octets) are not acknowledged yet`);
  }

  /** Adds a change. Keep-last drops the oldest change of the same instance. */
  add(change: Change): void {
    this.#changes.set(change.sequenceNumber, change);
    this.#bytes += change.payload.length;
    if (change.change !== 'alive') this.#ended += 1;
    if (this.#depth === Number.POSITIVE_INFINITY) return;
    const numbers = this.#instances.get(change.instance);
    if (!numbers) {
      this.#instances.set(change.instance, [change.sequenceNumber]);
      return;
    }
    numbers.push(change.sequenceNumber);
    if (numbers.length > this.#depth) this.#delete(numbers.shift()!);
  }

  remove(sequenceNumber: number): void {
    const change = this.#changes.get(sequenceNumber);
    if (!change) return;
    const numbers = this.#instances.get(change.instance);
    if (numbers) {
      const index = numbers.indexOf(sequenceNumber);
      if (index >= 0) numbers.splice(index, 1);
      if (numbers.length === 0) this.#instances.delete(change.instance);
    }
    this.#delete(sequenceNumber);
  }

  /** Removes the changes below `sequenceNumber` that satisfy `where`. */
  removeBelow(sequenceNumber: number, where: (change: Change) => boolean): void {
    for (const change of this.#changes.values()) {
      if (change.sequenceNumber >= sequenceNumber) return;
      if (where(change)) this.remove(change.sequenceNumber);
    }
  }

  #delete(sequenceNumber: number): void {
    const change = this.#changes.get(sequenceNumber);
    if (!change) return;
    this.#changes.delete(sequenceNumber);
    this.#bytes -= change.payload.length;
    if (change.change !== 'alive') this.#ended -= 1;
  }
}
