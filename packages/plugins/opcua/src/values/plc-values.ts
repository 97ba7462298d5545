import type { PlcReading } from '@medkit/opcua';
import { type HistoryPoint, ValueHistory } from './value-history.ts';

const NS_PER_MS = 1_000_000;

/** Called with each reading of a variable. */
export type ReadingListener = (reading: PlcReading) => void;

/** The last values of all variables of a PLC, with a short history of the numeric ones. */
export class PlcValues {
  readonly #readings = new Map<string, PlcReading>();
  readonly #histories = new Map<string, ValueHistory>();
  readonly #listeners = new Map<string, Set<ReadingListener>>();
  readonly #historySeconds: number;
  #newestNs = 0n;

  constructor(historySeconds: number) {
    this.#historySeconds = historySeconds;
  }

  /** Arrival time of the newest value, in nanoseconds since the epoch; 0 before the first. */
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

  /** Keeps the last value of a variable in its history because it raised a fault, even if it changes soon. */
  keepLast(nodeId: string): void {
    this.#histories.get(nodeId)?.keepLast();
  }

  /** Removes all variables that are not in `nodeIds`. */
  keepOnly(nodeIds: ReadonlySet<string>): void {
    for (const nodeId of this.#readings.keys()) {
      if (nodeIds.has(nodeId)) continue;
      this.#readings.delete(nodeId);
      this.#histories.delete(nodeId);
    }
  }

  /** Returns the numbers of a variable since a time, oldest first; empty if it is not numeric. */
  since(nodeId: string, timeNs: bigint): readonly HistoryPoint[] {
    return this.#histories.get(nodeId)?.since(Number(timeNs) / NS_PER_MS) ?? [];
  }

  /** Calls `listener` with every later reading. Returns a function that stops it. */
  listen(nodeId: string, listener: ReadingListener): () => void {
    const listeners = this.#listeners.get(nodeId) ?? new Set();
    this.#listeners.set(nodeId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(nodeId) === listeners) this.#listeners.delete(nodeId);
    };
  }

  /** Marks a gap in the histories: changes were not reported for a while, so the values are unknown. */
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
