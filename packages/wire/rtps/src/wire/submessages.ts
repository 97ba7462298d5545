import type { SocketAddress } from '@medkit/edges';
import type { NumberSet } from './number-set.ts';

/** The state of a receiver while it walks through one datagram (RTPS 2.5, 8.3.4). One object for all datagrams. */
export interface Message {
  readonly bytes: Uint8Array;
  readonly from: SocketAddress;
  /** Wall clock and monotonic clock at arrival, milliseconds. */
  readonly receivedMs: number;
  readonly monotonicMs: number;
  /** Where in `bytes` the source's GUID prefix starts. */
  readonly prefixAt: number;
  /** INFO_TS in force: seconds, or -1 for none, and fraction. */
  readonly timestampSeconds: number;
  readonly timestampFraction: number;
  /** INFO_REPLY in force: where answers are wanted. */
  readonly replyTo: SocketAddress | undefined;
}

/** Offsets are into `Message.bytes`, -1 where there is nothing. One object for all submessages: copy what must stay. */
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

/** What a receiver does with each submessage that is meant for this participant. */
export interface SubmessageSink {
  /** Whose submessages follow; false skips them, until INFO_SRC names another source. */
  source(message: Message): boolean;
  /** What follows is addressed to this participant by its own prefix. */
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
