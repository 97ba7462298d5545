import type { PlcReading } from './plc-reading.ts';
import { type HistoryPoint, ValueHistory } from './value-history.ts';

const NS_PER_MS = 1_000_000;

/** Who is told of each reading of one variable. */
export type ReadingListener = (reading: PlcReading) => void;

/** All variables of one PLC as it said them last, with the last seconds of those that are numbers. */
export class PlcValues {
  readonly #readings = new Map<string, PlcReading>();
  readonly #histories = new Map<string, ValueHistory>();
  readonly #listeners = new Map<string, Set<ReadingListener>>();
  readonly #historySeconds: number;
  #newestNs = 0n;

  constructor(historySeconds: number) {
    this.#historySeconds = historySeconds;
  }

  /** When the newest of all arrived, nanoseconds since the epoch; 0 before the first. */
  get newestNs(): bigint {
    return this.#newestNs;
  }

  of(nodeId: string): PlcReading | undefined {
    return this.#readings.get(nodeId);
  }

  take(nodeId: string, reading: PlcReading): void {
    this.#readings.set(nodeId, reading);
    this.#newestNs = reading.receivedNs;
    this.#remember(nodeId, reading);
    const listeners = this.#listeners.get(nodeId);
    if (listeners) for (const listener of listeners) listener(reading);
  }

  /** A fault followed from what a variable was last: its past has that, however soon it is another. */
  keepLast(nodeId: string): void {
    this.#histories.get(nodeId)?.keepLast();
  }

  /** Forgets variables that are not among those any more. */
  keepOnly(nodeIds: ReadonlySet<string>): void {
    for (const nodeId of this.#readings.keys()) {
      if (nodeIds.has(nodeId)) continue;
      this.#readings.delete(nodeId);
      this.#histories.delete(nodeId);
    }
  }

  /** The numbers of a variable since a time, the oldest first; none of one that is no number. */
  since(nodeId: string, timeNs: bigint): readonly HistoryPoint[] {
    return this.#histories.get(nodeId)?.since(Number(timeNs) / NS_PER_MS) ?? [];
  }

  /** Tells of every reading from now on. Gives a way to stop. */
  listen(nodeId: string, listener: ReadingListener): () => void {
    const listeners = this.#listeners.get(nodeId) ?? new Set();
    this.#listeners.set(nodeId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(nodeId) === listeners) this.#listeners.delete(nodeId);
    };
  }

  /** Nobody told of changes for a while: what the values were then is not known. */
  breakOff(): void {
    for (const history of this.#histories.values()) history.breakOff();
  }

  #remember(nodeId: string, { value, quality, receivedNs }: PlcReading): void {
    if (this.#historySeconds === 0) return;
    const number = typeof value === 'bigint' ? Number(value) : value;
    if (quality === 'bad' || typeof number !== 'number' || !Number.isFinite(number)) {
      this.#histories.get(nodeId)?.breakOff();
      return;
    }
    const history = this.#histories.get(nodeId) ?? new ValueHistory(this.#historySeconds);
    this.#histories.set(nodeId, history);
    history.add(Number(receivedNs / 1000n) / 1000, number);
  }
}
