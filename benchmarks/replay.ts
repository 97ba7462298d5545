import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@medkit/edges/node';
import {
  correlation,
  DEFAULT_FAULT_CONFIGURATION,
  entityThresholds,
  FAULT_TABLES,
  faultStorage,
  globalBand,
  startFaultManager,
} from '@medkit/faults';
import type { TimedEvent } from '@medkit/faults/replay';
import { type AllRules, difference, replay as replayRecord } from '@medkit/gateway/replay';
import { openStore } from '@medkit/store';
import { median } from './process.ts';
import { measureBags } from './replay-bags.ts';

const EVENTS = 500_000;
const CODES = 200;
const ROUNDS = 5;
const REPORTS = 4000;
const NO_INCIDENTS = { occurrences: [], records: [] };

function rulesOf(confirmationThreshold: number): AllRules {
  const configuration = {
    ...DEFAULT_FAULT_CONFIGURATION,
    confirmation_threshold: confirmationThreshold,
    healing_enabled: true,
  };
  const rule = {
    id: 'r',
    name: 'r',
    mode: 'hierarchical',
    windowMs: 500,
    rootCause: ['F0'],
    symptoms: ['F1*'],
    muteSymptoms: true,
    autoClearWithRoot: true,
  } as const;
  return {
    faults: {
      configuration,
      thresholds: entityThresholds(globalBand(configuration)),
      correlationRules: [rule],
      sharedHealing: false,
    },
    notifications: { receivers: [], settleMs: 500 },
  };
}

/** Reports of many faults that fail and pass in turns. */
function recordedDay(): readonly TimedEvent[] {
  return Array.from({ length: EVENTS }, (_, at): TimedEvent => {
    const code = `F${at % CODES}`;
    const kind = Math.floor(at / CODES) % 200 < 100 ? 'failed' : 'passed';
    const event: TimedEvent['event'] = {
      kind,
      code,
      source: `/node_${at % CODES}`,
      ...(kind === 'failed' && { severity: 2 as const }),
    };
    return { timeNs: 1_790_000_000_000_000_000n + BigInt(at) * 170_000_000n, event };
  });
}

/** Calibrator: replaces an object of the same size in a map for each event. */
function calibrate(events: readonly TimedEvent[]): number {
  const start = performance.now();
  const states = new Map<
    string,
    { readonly counter: number; readonly sources: readonly string[]; readonly atNs: bigint }
  >();
  for (const { timeNs, event } of events) {
    const before = states.get(event.code);
    states.set(event.code, { ...before, counter: (before?.counter ?? 0) + 1, sources: [event.source], atNs: timeNs });
  }
  return performance.now() - start;
}

/** Events per second of a replay, beside a loop that does nothing with them; and the cost of recording reports. */
export async function replay(): Promise<void> {
  const events = recordedDay();
  const record = { events, incidents: NO_INCIDENTS };
  const rates: number[] = [];
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const calibratorMs = calibrate(events);
    const start = performance.now();
    replayRecord(record, rulesOf(-3));
    const ms = performance.now() - start;
    rates.push(EVENTS / (ms / 1000));
    ratios.push(ms / calibratorMs);
  }
  const start = performance.now();
  difference(replayRecord(record, rulesOf(-3)), replayRecord(record, rulesOf(-5)));
  const wholeMs = performance.now() - start;
  console.log(
    `replay: ${Math.round(median(rates)).toLocaleString('en')} events/s, ${median(ratios).toFixed(1)} times the loop; two replays of ${EVENTS.toLocaleString('en')} events and their difference ${(wholeMs / 1000).toFixed(1)} s`,
  );
  await measureBags(rulesOf(-1));
  await costOfRecording();
}

/** Processor time of reports with and without the report log, in alternating rounds. */
async function costOfRecording(): Promise<void> {
  const ratios: number[] = [];
  await cpuOfReports(true);
  await cpuOfReports(false);
  for (let round = 0; round < ROUNDS; round += 1) {
    const without = await cpuOfReports(false);
    ratios.push((await cpuOfReports(true)) / without);
  }
  const without = [await cpuOfReports(false), await cpuOfReports(false)] as const;
  console.log(
    `recording reports: ${((median(ratios) - 1) * 100).toFixed(1)} % more processor time per report (A/A ${((without[1] / without[0] - 1) * 100).toFixed(1)} %)`,
  );
}

/** Microseconds of processor time per report. */
async function cpuOfReports(isRecorded: boolean): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-bench-'));
  const path = join(folder, 'faults.db');
  const store = await openStore({ path, migrations: FAULT_TABLES, clock: systemClock, warn: console.warn });
  const stored = faultStorage(store, 200);
  const { faults } = rulesOf(-1);
  const manager = await startFaultManager({
    clock: systemClock,
    configuration: faults.configuration,
    thresholds: faults.thresholds,
    correlation: correlation([]),
    storage: isRecorded ? stored : { ...stored, save: ({ reports: _, ...change }) => stored.save(change) },
    notice: console.warn,
  });
  const before = process.cpuUsage();
  for (let report = 0; report < REPORTS; report += 20) {
    await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        manager.report({
          code: `F${at}`,
          event: Math.floor(report / 200) % 2 === 0 ? 'FAILED' : 'PASSED',
          severity: 2,
          description: 'motor is hot',
          source: `/node_${at}`,
        }),
      ),
    );
  }
  const { user, system } = process.cpuUsage(before);
  await manager.stop();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
  return (user + system) / REPORTS;
}
