import type { Runtime } from '@medkit/core';
import { type Clock, Quota } from '@medkit/edges';
import { MemoryFiles } from '@medkit/edges/testing';
import {
  type CatalogueRecording,
  type CorrelationRule,
  correlation,
  DEFAULT_FAULT_CONFIGURATION,
  type EvidenceSources,
  entityThresholds,
  FAULT_TABLES,
  type FaultConfiguration,
  type FaultRecordings,
  type FaultSnapshots,
  faultStorage,
  globalBand,
  LocalFaults,
  type LogWindow,
  type MedkitFaultsOptions,
  medkitFaults,
  type OpenFaultManager,
  type StoredFrame,
  startFaultManager,
} from '@medkit/faults';
import { memoryStore } from '@medkit/store';
import { type FaultManagerNodeOptions, openFaultManagerNode } from '../faults/fault-manager-node.ts';
import type { FaultSettings } from '../faults/ros-faults.ts';
import type { FaultOptions } from '../join-options.ts';

export interface MemoryFaultManagerOptions {
  /** As returned by `FaultSnapshots.of`. */
  readonly frames?: readonly StoredFrame[];
  /** Newest first. */
  readonly recordings?: readonly CatalogueRecording[];
  /** As returned by `FaultLogs.of`. */
  readonly logs?: readonly LogWindow[];
  /** Called before frames are read; throw in it to simulate a failing disk. */
  readonly onRead?: () => void;
  /** Called with the sources of its evidence. */
  readonly onOpen?: (sources: EvidenceSources) => void;
  readonly configuration?: Partial<FaultConfiguration>;
  readonly rules?: readonly CorrelationRule[];
}

/** Opens a fault manager with a store in memory. */
export async function memoryFaultManager(
  clock: Clock,
  options: MemoryFaultManagerOptions = {},
): Promise<OpenFaultManager> {
  const { logs = [] } = options;
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
    snapshots: memorySnapshots(options),
    logs: {
      of: async (code) => logs.filter(({ faultCode }) => faultCode === code),
      figures: () => new Quota(64).figures(),
      stop: async () => undefined,
    },
    recordings: memoryRecordings(options.recordings ?? [], (code) => manager.get(code)?.sources ?? []),
    health: async () => ({ warnings: [], figures: { faults: manager.list({}).faults.length } }),
    close: async () => {
      await manager.stop();
      await store.close();
    },
  };
}

function memorySnapshots({ frames = [], onRead }: MemoryFaultManagerOptions): FaultSnapshots {
  return {
    of: async (code) => {
      onRead?.();
      return frames.filter(({ faultCode }) => faultCode === code);
    },
    meaningOf: () => undefined,
    facts: () => ({ running: 0, waiting: 0, dropped: 0, lost: 0, quotas: {} }),
    stop: async () => undefined,
  };
}

function memoryRecordings(
  stored: readonly CatalogueRecording[],
  sourcesOf: (code: string) => readonly string[],
): FaultRecordings {
  const reported = (code: string, sources: readonly string[]) =>
    sourcesOf(code).some((source) => sources.includes(source));
  const of = (code: string) => stored.filter(({ faultCodes }) => faultCodes.includes(code));
  return {
    of: async (code) => of(code),
    recent: () => undefined,
    ofSources: async (sources) => stored.filter(({ faultCodes }) => faultCodes.some((code) => reported(code, sources))),
    files: async () => [],
    summary: async () => undefined,
    find: async (idOrCode) => stored.find(({ id }) => id === idOrCode) ?? of(idOrCode)[0],
    remove: async () => 0,
    shed: async () => false,
    facts: async () => ({ blackBox: undefined, recordings: stored.length, octets: 0 }),
    stop: async () => undefined,
  };
}

/** Fault options of a runtime with faults in memory, and the faults. */
export interface MemoryFaultOptions extends FaultOptions {
  readonly host: LocalFaults;
}

/** Returns options for a gateway with faults in memory; depending on the mode, medkit manages them itself. */
export function faultOptions(
  clock: Clock,
  settings: Partial<FaultSettings> = {},
  options?: MemoryFaultManagerOptions,
): MemoryFaultOptions {
  return {
    settings: { mode: 'own', namespace: '', serviceTimeoutMs: 5000, ...settings },
    host: new LocalFaults({
      openManager: (sources) => {
        options?.onOpen?.(sources);
        return memoryFaultManager(clock, options);
      },
      clock,
      log: () => undefined,
    }),
    bridges: {},
    files: new MemoryFiles(),
  };
}

/** Returns the faults as a runtime of a gateway, in addition to the graph's. */
export function faultsRuntime(host: LocalFaults): Runtime {
  return {
    name: FAULTS,
    providers: { faults: host.provider },
    start: async ({ faultChanged }) => host.start(faultChanged),
    stop: () => host.close(),
    contribution: () => ({ runtime: FAULTS, priority: 0, areas: [], components: [], apps: [], functions: [] }),
    health: () => host.health(),
  };
}

/** Name of that runtime. */
export const FAULTS = 'medkit.local';

/** Opens a fault manager that is offered in a graph. */
export async function servedFaultManager({
  name,
  medkitNodes,
  names,
  ...options
}: Omit<MedkitFaultsOptions, 'faultChanged'> & Omit<FaultManagerNodeOptions, 'faults'>) {
  const faults = medkitFaults({ ...options, faultChanged: () => undefined });
  const face = await openFaultManagerNode({ name, medkitNodes, names, faults, log: options.log });
  const close = async () => {
    await face.close();
    await faults.opened.close();
  };
  return { ...faults.memory, close };
}
