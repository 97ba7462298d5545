import type { Runtimes } from '../snapshots/sampler/topic-sampler.ts';

/** A fault was confirmed, and what was going on at that moment is to be captured. */
export interface CaptureIntent {
  readonly faultCode: string;
  /** Which time it came, from 1. */
  readonly occurrence: number;
  /** When the fault was confirmed, wall clock. */
  readonly requestedAtNs: bigint;
  /** Who reported the fault: their topics are of interest. */
  readonly sources: readonly string[];
  readonly runtimes?: Runtimes;
  /**
   * Present if another source reports a fault that is confirmed already: the sources that were captured before. What these have is
   * neither captured again nor replaced.
   */
  readonly capturedSources?: readonly string[];
}
