import type { Runtimes } from '../topic-sampler.ts';

/** A confirmed fault whose evidence is to be captured. */
export interface CaptureIntent {
  readonly faultCode: string;
  /** Number of the occurrence, from 1. */
  readonly occurrence: number;
  /** When the fault was confirmed, wall clock. */
  readonly requestedAtNs: bigint;
  /** The reporters of the fault, whose topics are captured. */
  readonly sources: readonly string[];
  readonly runtimes?: Runtimes;
  /**
   * Present if another source reports a confirmed fault: the sources captured before. Their topics are neither captured
   * again nor replaced.
   */
  readonly capturedSources?: readonly string[];
}
