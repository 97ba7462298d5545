import type { Correlation } from '../correlation/correlation.ts';
import type { FaultLogs } from '../logs/start-fault-logs.ts';
import type { FaultManager } from '../manager/fault-manager.ts';
import type { FaultRecordings } from '../recordings/fault-recordings.ts';
import type { FaultSnapshots } from '../snapshots/fault-snapshots.ts';
import type { FaultHealth } from './fault-memory.ts';

/** A fault manager on its open store, with its correlation and evidence. */
export interface OpenFaultManager {
  readonly manager: FaultManager;
  readonly correlation: Correlation;
  readonly snapshots: FaultSnapshots;
  readonly logs: FaultLogs;
  readonly recordings: FaultRecordings;
  /** Returns the health of the fault store. */
  health(): Promise<FaultHealth>;
  /** Stops the manager and closes the store. */
  close(): Promise<void>;
}
