import type { RemoteEndpoint } from '../model/remote.ts';
import type { Destination } from '../transport/outbox.ts';
import type { NumberSet } from '../wire/number-set.ts';
import type { DataFragSubmessage, DataSubmessage, HeartbeatSubmessage, Message } from '../wire/submessages.ts';

/** What a local reader keeps of one remote writer it is matched with: RTPS 2.5, 8.4.10.4 calls it WriterProxy. */
export interface WriterMatch {
  /** As it was announced last. */
  readonly writer: RemoteEndpoint;
  readonly readerId: number;
  /** When the writer itself was heard last, monotonic milliseconds. */
  heardMs: number;
  /** Asks the writer for a first heartbeat now, where it has sent none. */
  ask(): void;
  /** The writer was announced anew, perhaps elsewhere. */
  announced(writer: RemoteEndpoint, destination: Destination): void;
  data(message: Message, data: DataSubmessage): void;
  dataFrag(message: Message, fragment: DataFragSubmessage): void;
  heartbeat(message: Message, heartbeat: HeartbeatSubmessage): void;
  heartbeatFrag(sequenceNumber: number, lastFragment: number): void;
  gap(start: number, list: NumberSet): void;
  /** Has the writer send again all that it still keeps. */
  startOver(): void;
  close(): void;
}
