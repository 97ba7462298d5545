import type { CaptureIntent } from './capture-intent.ts';

/** A message as it came, or the head of one that is too large to be kept whole. */
export interface KeptSample {
  /** Serialised data with its 4-octet encapsulation header, from its beginning. */
  readonly octets: Uint8Array;
  /** Octets of the whole message. */
  readonly size: number;
  /** When it arrived, nanoseconds since the epoch. */
  readonly receivedNs: bigint;
}

/** What was at hand of a topic when a fault was confirmed. */
export interface KeptTopic {
  readonly topic: string;
  /** Whose it is, where several that reported the fault have a topic of that name. */
  readonly runtime?: string;
  readonly type: string;
  /** At least one, oldest first: the last value, and before it the recent history. */
  readonly samples: readonly KeptSample[];
}

/** A capture that has begun and is not done yet. */
export interface NumberedCapture extends CaptureIntent {
  /** Grows from capture to capture, also after a restart. */
  readonly captureId: number;
}

/** With what it had at hand when it began. */
export interface PendingCapture extends NumberedCapture {
  readonly held: readonly KeptTopic[];
}
