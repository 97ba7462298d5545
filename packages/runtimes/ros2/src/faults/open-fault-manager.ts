import type {
  Correlation,
  FaultLogs,
  FaultManager,
  FaultRecordings,
  FaultSnapshots,
  LogSource,
  TapProvider,
  TopicSampler,
} from '@medkit/faults';
import type { FaultHealth } from './fault-keeper.ts';

/** Where the evidence of faults comes from. */
export interface EvidenceSources {
  readonly sampler: TopicSampler;
  readonly taps: TapProvider;
  readonly logs: LogSource;
}

/** A fault manager on its open store, with what it knows of how faults hang together. */
export interface OpenFaultManager {
  readonly manager: FaultManager;
  readonly correlation: Correlation;
  readonly snapshots: FaultSnapshots;
  readonly logs: FaultLogs;
  readonly recordings: FaultRecordings;
  /** What a person should know of where its faults are kept. */
  health(): Promise<FaultHealth>;
  /** Stops the manager and closes the store. */
  close(): Promise<void>;
}
