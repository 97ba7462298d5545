import { DatabaseSync } from 'node:sqlite';

export const TABLE = 'CREATE TABLE rows (id INTEGER PRIMARY KEY, time_ns INTEGER, text TEXT)';
export const INSERT = 'INSERT INTO rows (time_ns, text) VALUES (?, ?)';
/** About the size of a stored fault. */
export const TEXT = 'x'.repeat(300);

export interface Round {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Longest time in which the calling thread was blocked. */
  readonly worstDelayMs: number;
}

/** The calibrator: node:sqlite in the calling thread, with the durability of the store. */
export function openBaseline(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; ${TABLE}`);
  return database;
}

/** Writes one row after the other for the duration of a round. */
export function baselineWrites(database: DatabaseSync, roundMs: number): Round {
  const insert = database.prepare(INSERT);
  const latencies: number[] = [];
  const start = performance.now();
  for (let now = start; now < start + roundMs; ) {
    insert.run(BigInt(latencies.length), TEXT);
    const done = performance.now();
    latencies.push(done - now);
    now = done;
  }
  // Nothing else runs during the round.
  return { ...summary(latencies, performance.now() - start), worstDelayMs: roundMs };
}

/** Returns rate and quantiles from single latencies and the total time. */
export function summary(latencies: readonly number[], elapsedMs: number): Omit<Round, 'worstDelayMs'> {
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))];
  return { perSecond: (1000 * latencies.length) / elapsedMs, p50Ms: at(0.5), p99Ms: at(0.99) };
}
