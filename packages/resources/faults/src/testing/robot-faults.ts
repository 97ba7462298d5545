import type { FaultEvent } from '@medkit/core';
import type { Notice } from '@medkit/documents';
import { SimulatedClock } from '@medkit/edges/testing';
import { memoryStore, type Store } from '@medkit/store';
import { globalBand } from '../configuration/debounce-rules.ts';
import { DEFAULT_FAULT_CONFIGURATION, type FaultConfiguration } from '../configuration/fault-settings.ts';
import { correlation } from '../correlation/correlation.ts';
import type { CorrelationRule } from '../correlation/correlation-rule.ts';
import { SEVERITY } from '../fault/severity.ts';
import { type FaultManager, startFaultManager } from '../manager/fault-manager.ts';
import type { FaultReport } from '../manager/fault-report.ts';
import type { CaptureIntent } from '../storage/capture-intent.ts';
import { type FaultStorage, faultStorage } from '../storage/fault-storage.ts';
import { FAULT_TABLES } from '../storage/fault-tables.ts';
import { type BandOverride, entityThresholds } from '../thresholds/entity-thresholds.ts';

export interface RobotOptions {
  readonly configuration?: Partial<FaultConfiguration>;
  readonly overrides?: Readonly<Record<string, BandOverride>>;
  /** See `FaultManagerOptions`. */
  readonly sharedHealing?: boolean;
  readonly rules?: readonly CorrelationRule[];
  /** The store of an earlier robot, for a restart; its clock continues. */
  readonly store?: Store;
  readonly clock?: SimulatedClock;
  /** Wraps the storage of the manager. */
  readonly through?: (storage: FaultStorage) => FaultStorage;
  /** Whether the disk has room for captures. */
  readonly hasRoom?: () => boolean;
  /** See `FaultManagerOptions`. */
  readonly audited?: () => Promise<void>;
}

/** A fault manager with an in-memory store and simulated time, and its events and notices. */
export interface RobotFaults {
  readonly manager: FaultManager;
  readonly store: Store;
  readonly clock: SimulatedClock;
  readonly configuration: FaultConfiguration;
  readonly events: readonly FaultEvent[];
  readonly captures: readonly CaptureIntent[];
  readonly notices: Notice[];
  fail(report?: Partial<FaultReport>): ReturnType<FaultManager['report']>;
  pass(report?: Partial<FaultReport>): ReturnType<FaultManager['report']>;
}

const REPORT: FaultReport = {
  code: 'F1',
  event: 'FAILED',
  severity: SEVERITY.ERROR,
  description: '',
  source: '/source',
};

/** Creates an in-memory store with the fault tables. */
export function faultStore(clock: SimulatedClock): Store {
  return memoryStore({ clock, migrations: FAULT_TABLES });
}

export async function robotFaults(options: RobotOptions = {}): Promise<RobotFaults> {
  const { clock = new SimulatedClock(), overrides = {}, rules = [], through = (storage) => storage } = options;
  const { store = faultStore(clock) } = options;
  const configuration = { ...DEFAULT_FAULT_CONFIGURATION, ...options.configuration };
  const [events, captures, notices]: [FaultEvent[], CaptureIntent[], Notice[]] = [[], [], []];
  const manager = await startFaultManager({
    storage: through(faultStorage(store, configuration['near_miss.max_per_fault'])),
    ...(options.audited && { audited: options.audited }),
    ...(options.sharedHealing && { sharedHealing: true }),
    ...(options.hasRoom && { hasRoom: options.hasRoom }),
    clock,
    configuration,
    thresholds: entityThresholds(globalBand(configuration), new Map(Object.entries(overrides))),
    correlation: correlation(rules),
    notice: (notice) => notices.push(notice),
  });
  manager.onEvent((event) => events.push(event));
  manager.onCapture((intent) => captures.push(intent));
  return {
    manager,
    store,
    clock,
    configuration,
    events,
    captures,
    notices,
    fail: (report) => manager.report({ ...REPORT, ...report }),
    pass: (report) => manager.report({ ...REPORT, ...report, event: 'PASSED' }),
  };
}
