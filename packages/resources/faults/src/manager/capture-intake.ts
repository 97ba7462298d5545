import type { Statement } from '@medkit/store';
import type { HeldTopic } from '../snapshots/sampler/topic-sampler.ts';
import type { CaptureIntent } from '../storage/capture-intent.ts';
import type { NumberedCapture, PendingCapture } from '../storage/pending-capture.ts';

/** What a capture adds to the transaction that confirms its fault. */
export interface AdmittedCapture {
  /** `undefined` where nothing of it is to be found after a crash. */
  readonly pending?: PendingCapture;
  /** The capture that gave way to it. */
  readonly evicted?: Pick<NumberedCapture, 'captureId' | 'faultCode' | 'occurrence'>;
}

/** Decides over captures at the moment at which faults are confirmed. All of it is synchronous, and throws nothing. */
export interface CaptureIntake {
  /** A fault is being confirmed, and this is what its reporter knows. `undefined` where it cannot be captured now: it may be when it is confirmed again. */
  admit(intent: CaptureIntent, evidence: readonly HeldTopic[]): AdmittedCapture | undefined;
  /** The fault of an admitted capture could not be written. */
  cancel(intent: CaptureIntent): void;
  /** What a reporter learned late of an occurrence, as rows behind what was captured of it. */
  append(faultCode: string, occurrence: number, evidence: readonly HeldTopic[]): Promise<readonly Statement[]>;
  /** The snapshots of a fault go: captures of it that are under way must not bring new ones. */
  drop(faultCode: string): void;
}

/** Where nobody captures anything, everything is admitted: there may be other evidence to collect. */
export const UNATTENDED_INTAKE: CaptureIntake = {
  admit: () => ({}),
  cancel: () => undefined,
  append: async () => [],
  drop: () => undefined,
};
