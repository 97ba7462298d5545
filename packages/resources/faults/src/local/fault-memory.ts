import type { FaultProvider, Warning } from '@medkit/core';
import type { QuotaFigures } from '@medkit/edges';
import type { FaultReport } from '../manager/fault-report.ts';

/** Health of a part of the fault handling, for `/health`. */
export interface FaultHealth {
  readonly warnings: readonly Warning[];
  readonly figures: Readonly<Record<string, unknown>>;
  /** Counts of bounded collections, for the block `x-medkit-quotas`. */
  readonly quotas?: Readonly<Record<string, QuotaFigures>>;
}

/** The state of a fault at its manager. */
export interface FaultState {
  /** True if the fault was reported and is neither healed nor cleared. */
  readonly stands: boolean;
  readonly isConfirmed: boolean;
  /** Time of the last FAILED report, nanoseconds since the epoch; 0 if there was none. */
  readonly lastOccurredNs: bigint;
  /** Whether the latest report of the given source is FAILED; absent if unknown. */
  readonly isFailing?: boolean;
  /** Present if another source still fails; absent if not, or if unknown. */
  readonly otherSourceFails?: true;
}

/** The source and condition of a report, if they decide about its code. */
export type ReportAbout = Pick<FaultReport, 'source' | 'runtime' | 'condition'>;

/** The fault manager of a gateway: medkit's own, or one of a runtime. */
export interface FaultMemory {
  /** All calls except reports, which bridges also make. */
  readonly provider: Omit<FaultProvider, 'report'>;
  /** Returns true if the report was accepted; with medkit's own fault manager it is then on disk. Never rejects. */
  report(report: FaultReport): Promise<boolean>;
  /** Adds later knowledge to the last report of a fault; `report` is that report, amended. Never rejects. */
  amend(report: FaultReport): Promise<void>;
  /**
   * Returns `undefined` if it is not known synchronously, because a fault manager of the robot would have to be asked.
   */
  standing(code: string, about?: ReportAbout): FaultState | undefined;
  health(): Promise<FaultHealth>;
}
