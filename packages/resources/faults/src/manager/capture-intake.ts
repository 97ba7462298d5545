import type { Statement } from '@medkit/store';
import type { CaptureIntent } from '../storage/capture-intent.ts';
import type { NumberedCapture, PendingCapture } from '../storage/pending-capture.ts';
import type { BufferedTopic } from '../topic-sampler.ts';

/** What a capture adds to the transaction that confirms its fault. */
export interface AdmittedCapture {
  /** `undefined` if the capture need not be recovered after a crash. */
  readonly pending?: PendingCapture;
  /** The capture that was dropped in favor of this one. */
  readonly evicted?: Pick<NumberedCapture, 'captureId' | 'faultCode' | 'occurrence'>;
}

/** Decides about captures when faults are confirmed. All methods but `append` are synchronous; none throws. */
export interface CaptureIntake {
  /**
   * Called when a fault is being confirmed, with the evidence of its reporter. Returns `undefined` if it cannot be
   * captured now; it may be when it is confirmed again.
   */
  admit(intent: CaptureIntent, evidence: readonly BufferedTopic[]): AdmittedCapture | undefined;
  /** Called if the fault of an admitted capture could not be written. */
  cancel(intent: CaptureIntent): void;
  /** Returns the rows of a reporter's late evidence, to be added to the capture of the occurrence. */
  append(faultCode: string, occurrence: number, evidence: readonly BufferedTopic[]): Promise<readonly Statement[]>;
  /** Called when the snapshots of a fault are removed: running captures must not add new ones. */
  drop(faultCode: string): void;
}

/** Used without an intake: everything is admitted, because there may be other evidence to collect. */
export const UNATTENDED_INTAKE: CaptureIntake = {
  admit: () => ({}),
  cancel: () => undefined,
  append: async () => [],
  drop: () => undefined,
};
