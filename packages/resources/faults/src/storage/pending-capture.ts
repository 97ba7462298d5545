import type { CaptureIntent } from './capture-intent.ts';

/** A received message, or the head of a message that is too large. */
export interface CapturedSample {
  /** Serialized data from its 4-byte encapsulation header on. */
  readonly octets: Uint8Array;
  /** Size of the whole message, bytes. */
  readonly size: number;
  /** Time of arrival, nanoseconds since the epoch. */
  readonly receivedNs: bigint;
}

/** The buffered messages of a topic when a fault was confirmed. */
export interface CapturedTopic {
  readonly topic: string;
  /** The runtime of the topic, if several reporters have a topic with this name. */
  readonly runtime?: string;
  readonly type: string;
  /** At least one, oldest first: the recent history, then the last value. */
  readonly samples: readonly CapturedSample[];
}

/** A running capture. */
export interface NumberedCapture extends CaptureIntent {
  /** Increases with every capture, also across restarts. */
  readonly captureId: number;
}

/** A running capture with the messages buffered at its start. */
export interface PendingCapture extends NumberedCapture {
  readonly held: readonly CapturedTopic[];
}
