import type { Clock } from '@medkit/edges';
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
import { memoryStore } from '@medkit/store';
import type { OpenFaultManager } from '../faults/open-fault-manager.ts';
import type { FaultSettings } from '../faults/ros-faults.ts';
import type { FaultOptions } from '../joined-graph.ts';

export interface MemoryFaultManagerOptions {
  readonly configuration?: Partial<FaultConfiguration>;
  readonly rules?: readonly CorrelationRule[];
}

/** A fault manager on a store in memory. */
export async function memoryFaultManager(
  clock: Clock,
  options: MemoryFaultManagerOptions = {},
): Promise<OpenFaultManager> {
  const configuration = { ...DEFAULT_FAULT_CONFIGURATION, ...options.configuration };
  const store = memoryStore({ clock, migrations: FAULT_TABLES });
  const rules = correlation(options.rules ?? []);
  const manager = await startFaultManager({
    thresholds: entityThresholds(globalBand(configuration)),
    correlation: rules,
    storage: faultStorage(store, configuration['near_miss.max_per_fault']),
    clock,
    configuration,
    notice: () => undefined,
  });
  return {
    manager,
    correlation: rules,
    health: async () => ({ warnings: [], figures: { faults: manager.list({}).faults.length } }),
    close: async () => {
      await manager.stop();
      await store.close();
    },
  };
}

/** Faults for a runtime whose own fault manager keeps them in memory. */
export function faultOptions(
  clock: Clock,
  settings: Partial<FaultSettings> = {},
  options?: MemoryFaultManagerOptions,
): FaultOptions {
  return {
    settings: { mode: 'own', namespace: '', serviceTimeoutMs: 5000, ...settings },
    openManager: () => memoryFaultManager(clock, options),
    bridges: {},
  };
}
