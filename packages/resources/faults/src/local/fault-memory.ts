import type { FaultProvider, Warning } from '@medkit/core';
import type { QuotaFigures } from '@medkit/edges';
import type { FaultReport } from '../manager/fault-report.ts';

/** What a part of the faults says of its own state, for `/health`. */
export interface FaultHealth {
  readonly warnings: readonly Warning[];
  readonly figures: Readonly<Record<string, unknown>>;
  /** Counts of bounded collections, for the block `x-medkit-quotas`. */
  readonly quotas?: Readonly<Record<string, QuotaFigures>>;
}

/** How a fault stands with its manager. */
export interface FaultStanding {
  /** It is neither healed nor cleared, and has been reported. */
  readonly stands: boolean;
  readonly isConfirmed: boolean;
  /** When it was reported as failed last, nanoseconds since the epoch; 0 is never. */
  readonly lastOccurredNs: bigint;
  /** Whether the latest report of the given source is FAILED; absent if that is not known. */
  readonly isFailing?: boolean;
  /** Whether another source still fails: absent if not, or if that is not known. */
  readonly failsElsewhere?: true;
}

/** The source and condition of a report, if they decide about its code. */
export type ReportAbout = Pick<FaultReport, 'source' | 'runtime' | 'condition'>;

/** Whoever keeps the faults of a gateway: medkit's own fault manager, or one that a runtime brings along. */
export interface FaultMemory {
  /** All but reports, which bridges make as well. */
  readonly provider: Omit<FaultProvider, 'report'>;
  /** True where the report was taken: with medkit's own fault manager it is on disk then. Never rejects. */
  report(report: FaultReport): Promise<boolean>;
  /** Adds what was learned since to the last report of a fault, which is this one but for that. Never rejects. */
  amend(report: FaultReport): Promise<void>;
  /** `undefined` where it cannot be told at once: a fault manager of the robot would have to be asked. */
  standing(code: string, about?: ReportAbout): FaultStanding | undefined;
  health(): Promise<FaultHealth>;
}
