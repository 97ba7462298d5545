import type { RemoteEndpoint } from '../model/remote.ts';
import type { Destination } from '../transport/outbox.ts';
import type { NumberSet } from '../wire/number-set.ts';
import type { DataFragSubmessage, DataSubmessage, HeartbeatSubmessage, Message } from '../wire/submessages.ts';

/** A local reader's state of one matched remote writer. RTPS 2.5, 8.4.10.4 calls it WriterProxy. */
export interface WriterMatch {
  /** The latest announcement. */
  readonly writer: RemoteEndpoint;
  readonly readerId: number;
  /** When the last message of the writer arrived, monotonic milliseconds. */
  lastReceivedMs: number;
  /** Requests the first heartbeat immediately if the writer has sent none. */
  ask(): void;
  /** Applies a new announcement of the writer, possibly with other locators. */
  announced(writer: RemoteEndpoint, destination: Destination): void;
  data(message: Message, data: DataSubmessage): void;
  dataFrag(message: Message, fragment: DataFragSubmessage): void;
  heartbeat(message: Message, heartbeat: HeartbeatSubmessage): void;
  heartbeatFrag(sequenceNumber: number, lastFragment: number): void;
  gap(start: number, list: NumberSet): void;
  /** Requests all samples that the writer still stores. */
  startOver(): void;
  close(): void;
}
