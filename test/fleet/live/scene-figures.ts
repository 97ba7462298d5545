import type { LiveHub } from './live-hub.ts';

/** Prints how long after its time on the robot the hub stored each event. */
export function sayLags(hub: LiveHub, say: (text: string) => void): void {
  for (const [phase, lags] of hub.lags()) {
    say(
      `lag, ${phase}: p50 ${quantile(lags, 0.5)}, p99 ${quantile(lags, 0.99)}, largest ${quantile(lags, 1)}, ${lags.length} events`,
    );
  }
}

/** Runs a part of a scene, and prints what a record cost the hub. */
export async function costOf(
  hub: LiveHub,
  say: (text: string) => void,
  name: string,
  part: () => Promise<void>,
): Promise<void> {
  const [before, records] = [hub.use(), storedBy(hub)];
  const elapsedMs = await timeOf(part);
  const [after, stored] = [hub.use(), storedBy(hub) - records];
  const usedMs = after.cpuMs - before.cpuMs;
  const percent = (ms: number): string => `${((100 * ms) / elapsedMs).toFixed(0)} %`;
  say(`${name}: ${stored} records, CPU of the hub ${((1000 * usedMs) / stored).toFixed(0)} µs a record`);
  // Lags on a busy machine are those of its scheduler.
  const waited = percent(after.waitedMs - before.waitedMs);
  const databaseMs = after.databaseCpuMs - before.databaseCpuMs;
  if (databaseMs > 0) say(`CPU of the database ${((1000 * databaseMs) / stored).toFixed(0)} µs a record`);
  say(`the hub used ${percent(usedMs)} of a core and waited for one ${waited} of the time, ${memory(hub)}`);
}

/** Runs work, and returns how long it took, milliseconds. */
export async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
export const memory = (hub: LiveHub): string => `${hub.use().residentMb.toFixed(0)} MB`;
const quantile = (sorted: readonly number[], share: number): string =>
  `${(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(0)} ms`;

/** Number of records that the hub has stored. */
export const storedBy = (hub: LiveHub): number => [...hub.stored().values()].reduce((sum, records) => sum + records, 0);
