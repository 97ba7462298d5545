import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { systemClock } from '@medkit/edges/node';
import { openStore, type Store } from '@medkit/store';
import { baselineWrites, INSERT, openBaseline, type Round, summary, TABLE, TEXT } from './baseline-store.ts';
import { median } from './process.ts';

const ROUNDS = 5;
const ROUND_MS = 1000;
const IN_FLIGHT = [1, 8, 64];

/**
 * Acknowledged writes of one row each, compared with a loop of node:sqlite in the calling thread with the same
 * durability, disk and round. Then reads during writes.
 */
export async function store(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-bench-'));
  const before = process.memoryUsage().rss;
  const openedAt = performance.now();
  const opened = await openStore({
    path: join(folder, 'store.db'),
    clock: systemClock,
    warn: console.warn,
    migrations: { rows: [[TABLE]] },
  });
  console.log(
    `open after ${(performance.now() - openedAt).toFixed(0)} ms, ` +
      `${((process.memoryUsage().rss - before) / 1e6).toFixed(0)} MB for its two threads`,
  );
  const baseline = openBaseline(join(folder, 'bare.db'));
  try {
    const baselineRounds: Round[] = [];
    const rounds = new Map<number, Round[]>(IN_FLIGHT.map((inFlight) => [inFlight, []]));
    for (let round = 0; round < ROUNDS; round += 1) {
      baselineRounds.push(baselineWrites(baseline, ROUND_MS));
      for (const inFlight of IN_FLIGHT) rounds.get(inFlight)?.push(await storeWrites(opened, inFlight));
    }
    const calibrator = report('bare loop', baselineRounds);
    for (const [inFlight, list] of rounds) {
      const perSecond = report(`${inFlight} in flight`, list);
      console.log(`${inFlight} in flight: ${(perSecond / calibrator).toFixed(2)} of the bare loop`);
    }
    await readsMeanwhile(opened);
  } finally {
    baseline.close();
    await opened.close();
    rmSync(folder, { recursive: true });
  }
}

async function storeWrites(opened: Store, inFlight: number): Promise<Round> {
  const latencies: number[] = [];
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const start = performance.now();
  const writeOn = async () => {
    while (performance.now() < start + ROUND_MS) {
      const sent = performance.now();
      await opened.write([{ sql: INSERT, parameters: [BigInt(latencies.length), TEXT] }]);
      latencies.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, writeOn));
  delay.disable();
  return { ...summary(latencies, performance.now() - start), worstDelayMs: delay.max / 1e6 };
}

async function readsMeanwhile(opened: Store): Promise<void> {
  for (const inFlight of [0, 64]) {
    const latencies: number[] = [];
    const start = performance.now();
    const end = start + ROUND_MS;
    const writeOn = async () => {
      while (performance.now() < end) await opened.write([{ sql: INSERT, parameters: [0, TEXT] }]);
    };
    const writers = Promise.all(Array.from({ length: inFlight }, writeOn));
    while (performance.now() < end) {
      const sent = performance.now();
      await opened.read('SELECT * FROM rows WHERE id = ?', [1 + (latencies.length % 1000)]);
      latencies.push(performance.now() - sent);
    }
    const { perSecond, p50Ms, p99Ms } = summary(latencies, performance.now() - start);
    await writers;
    console.log(
      `reads one by one, ${inFlight} writes in flight: ${perSecond.toFixed(0)} /s, p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms`,
    );
  }
}

/** Prints the medians over the rounds and returns that of the rate. */
function report(name: string, rounds: readonly Round[]): number {
  const of = (figure: keyof Round) => median(rounds.map((round) => round[figure]));
  const all = rounds.map(({ perSecond }) => perSecond.toFixed(0)).join(' ');
  console.log(
    `${name.padEnd(14)} ${of('perSecond').toFixed(0).padStart(7)} /s (${all}), p50 ${of('p50Ms').toFixed(2)} ms, ` +
      `p99 ${of('p99Ms').toFixed(2)} ms, main thread held up for ${of('worstDelayMs').toFixed(1)} ms at worst`,
  );
  return of('perSecond');
}
