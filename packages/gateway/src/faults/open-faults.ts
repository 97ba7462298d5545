import { join } from 'node:path';
import type { Log } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import {
  correlation,
  DEFAULT_FAULT_CONFIGURATION,
  FAULT_TABLES,
  type FaultConfiguration,
  faultStorage,
  type Notice,
  startFaultManager,
} from '@medkit/faults';
import type { OpenFaultManager } from '@medkit/runtime-ros2';
import { openStore } from '@medkit/store';
import type { FaultDocuments } from './fault-documents.ts';
import { faultHealth } from './fault-health.ts';

export interface OpenFaultsOptions {
  readonly documents: FaultDocuments;
  /** Folder of the gateway's own data. */
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Opens the store of the faults and starts the fault manager on it. Rejects with the `StoreError` of the store. */
export async function openFaults({ documents, dataFolder, clock, log }: OpenFaultsOptions): Promise<OpenFaultManager> {
  const { configuration, thresholds, rules } = documents;
  await using begun = new AsyncDisposableStack();
  const store = await openStore({
    path: databasePath(configuration, dataFolder),
    migrations: FAULT_TABLES,
    ...(configuration['audit_log.enabled'] && {
      audit: { maxRecords: configuration['audit_log.retention_max_records'] },
    }),
    clock,
    warn: (message) => log('warn', message),
  });
  begun.defer(() => store.close());
  const explanations = correlation(rules);
  const manager = await startFaultManager({
    thresholds,
    correlation: explanations,
    configuration,
    storage: faultStorage(store, configuration['near_miss.max_per_fault']),
    clock,
    notice: (notice) => logNotice(log, notice),
  });
  begun.defer(() => manager.stop());
  const opened = begun.move();
  return {
    manager,
    correlation: explanations,
    health: () => faultHealth(manager, store),
    close: () => opened.disposeAsync(),
  };
}

/** Tells the operator of something about the faults. */
export function logNotice(log: Log, { level, text }: Notice): void {
  log(level === 'warning' ? 'warn' : level, text);
}

/** The default of ros2_medkit is a folder of the system, which a gateway of a user has no right to. */
function databasePath(configuration: FaultConfiguration, dataFolder: string): string {
  if (configuration.storage_type === 'memory') return ':memory:';
  const path = configuration.database_path;
  return path === DEFAULT_FAULT_CONFIGURATION.database_path ? join(dataFolder, 'faults.db') : path;
}
