import type { Correlation, FaultManager } from '@medkit/faults';
import type { FaultHealth } from './fault-keeper.ts';

/** A fault manager on its open store, with what it knows of how faults hang together. */
export interface OpenFaultManager {
  readonly manager: FaultManager;
  readonly correlation: Correlation;
  /** What a person should know of where its faults are kept. */
  health(): Promise<FaultHealth>;
  /** Stops the manager and closes the store. */
  close(): Promise<void>;
}
