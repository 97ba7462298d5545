import assert from 'node:assert/strict';
import { join } from 'node:path';
import { systemClock } from '@medkit/edges/node';
import { SimulatedClock } from '@medkit/edges/testing';
import {
  type CorrelationRule,
  correlation,
  DEFAULT_FAULT_CONFIGURATION,
  entityThresholds,
  FAULT_TABLES,
  type FaultConfiguration,
  faultStorage,
  globalBand,
  startFaultManager,
} from '@medkit/faults';
import { openStore } from '@medkit/store';
import type { AllRules } from '../replay-outcome.ts';

/** Hides SENSOR faults after POWER. */
export const RULE: CorrelationRule = {
  id: 'power',
  name: 'power',
  mode: 'hierarchical',
  windowMs: 2000,
  rootCause: ['POWER'],
  symptoms: ['SENSOR_*'],
  muteSymptoms: true,
  autoClearWithRoot: true,
};

export function rulesOf(
  changes: Partial<FaultConfiguration> = {},
  correlationRules: readonly CorrelationRule[] = [],
): AllRules {
  const configuration = { ...DEFAULT_FAULT_CONFIGURATION, ...changes };
  const thresholds = entityThresholds(globalBand(configuration));
  return {
    faults: { configuration, thresholds, correlationRules, sharedHealing: false },
    notifications: { receivers: [], settleMs: 500 },
  };
}

/** Reports faults to a fault manager, and clears them. */
interface Reporter {
  readonly fail: (code: string, severity?: number, source?: string) => Promise<unknown>;
  readonly pass: (code: string, source?: string) => Promise<unknown>;
  readonly clear: (code: string) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

/** Opens a fault manager with a store on disk, as a gateway does. */
export async function openManager(dataFolder: string, { faults }: AllRules, clock: SimulatedClock): Promise<Reporter> {
  const path = join(dataFolder, 'faults.db');
  const store = await openStore({ path, migrations: FAULT_TABLES, clock: systemClock, warn: assert.fail });
  const manager = await startFaultManager({
    clock,
    configuration: faults.configuration,
    thresholds: faults.thresholds,
    correlation: correlation(faults.correlationRules),
    storage: faultStorage(store, 200),
    notice: () => undefined,
  });
  const report = (code: string, event: 'FAILED' | 'PASSED', severity = 2, source = '/node') =>
    manager.report({ code, event, severity, description: `about ${code}`, source });
  return {
    fail: (code, severity, source) => report(code, 'FAILED', severity, source),
    pass: (code, source) => report(code, 'PASSED', 0, source),
    clear: (code) => manager.clear(code, { cascade: true, client: 'jan' }),
    close: async () => {
      await manager.stop();
      await store.close();
    },
  };
}

/** Records a day in a data folder. The differences that tests expect of it are predicted by hand. */
export async function recordScriptedDay(folder: string, clock = new SimulatedClock()) {
  const rules = rulesOf({ healing_enabled: true, healing_threshold: 1 });
  const manager = await openManager(folder, rules, clock);
  const t0 = clock.wallMs();
  await manager.fail('ONCE');
  clock.advance(60_000);
  for (let report = 0; report < 3; report += 1) {
    await manager.fail('THRICE');
    clock.advance(1000);
  }
  clock.advance(60_000);
  await manager.fail('POWER');
  clock.advance(500);
  await manager.fail('SENSOR_A', 2, '/sensor');
  clock.advance(60_000);
  for (let report = 0; report < 4; report += 1) {
    await manager.pass('THRICE');
    clock.advance(1000);
  }
  await manager.close();
  return { rules, t0 };
}
