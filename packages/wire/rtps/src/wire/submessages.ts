import type { SocketAddress } from '@medkit/edges';
import type { NumberSet } from './number-set.ts';

/** The state of a receiver while it parses one datagram (RTPS 2.5, 8.3.4). One object is reused for all datagrams. */
export interface Message {
  readonly bytes: Uint8Array;
  readonly from: SocketAddress;
  /** Wall clock and monotonic clock at arrival, milliseconds. */
  readonly receivedMs: number;
  readonly monotonicMs: number;
  /** Offset in `bytes` of the source's GUID prefix. */
  readonly prefixAt: number;
  /** Current INFO_TS: seconds, or -1 if none, and fraction. */
  readonly timestampSeconds: number;
  readonly timestampFraction: number;
  /** Current INFO_REPLY: the address that expects the answers. */
  readonly replyTo: SocketAddress | undefined;
}

/**
 * Offsets refer to `Message.bytes`; -1 if absent. One object is reused for all submessages, so copy what must persist.
 */
export interface DataSubmessage {
  readonly littleEndian: boolean;
  readonly readerId: number;
  readonly writerId: number;
  readonly sequenceNumber: number;
  readonly payloadStart: number;
  readonly payloadEnd: number;
  readonly payloadIsKey: boolean;
  /** PID_STATUS_INFO: bit 0 disposed, bit 1 unregistered. */
  readonly status: number;
  readonly keyHashAt: number;
  readonly relatedIdentityAt: number;
}

export interface DataFragSubmessage extends DataSubmessage {
  /** Numbers count from 1. */
  readonly firstFragment: number;
  readonly fragmentCount: number;
  readonly fragmentBytes: number;
  readonly sampleBytes: number;
}

export interface HeartbeatSubmessage {
  readonly readerId: number;
  readonly writerId: number;
  readonly first: number;
  readonly last: number;
  readonly count: number;
  readonly final: boolean;
  readonly livelinessOnly: boolean;
}

/** Receives each submessage that is addressed to this participant. */
export interface SubmessageSink {
  /**
   * Called with the sender of the following submessages. If it returns false, they are skipped up to the next INFO_SRC.
   */
  source(message: Message): boolean;
  /** The following submessages are addressed to this participant by its own prefix. */
  addressed?(message: Message): void;
  data(message: Message, data: DataSubmessage): void;
  dataFrag(message: Message, fragment: DataFragSubmessage): void;
  heartbeat(message: Message, heartbeat: HeartbeatSubmessage): void;
  heartbeatFrag(
    message: Message,
    readerId: number,
    writerId: number,
    sequenceNumber: number,
    lastFragment: number,
    count: number,
  ): void;
  gap(message: Message, readerId: number, writerId: number, start: number, list: NumberSet): void;
  ackNack(message: Message, readerId: number, writerId: number, state: NumberSet, count: number, final: boolean): void;
  nackFrag(
    message: Message,
    readerId: number,
    writerId: number,
    sequenceNumber: number,
    fragments: NumberSet,
    count: number,
  ): void;
}
