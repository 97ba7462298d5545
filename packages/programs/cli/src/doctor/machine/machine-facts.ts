import type { RosProcess } from './ros-process.ts';

/** A UDP socket on a DDS port, with its program. */
export interface DdsSocket {
  readonly domainId: number;
  readonly userId: number;
  /** Absent for a program of another user. */
  readonly process?: RosProcess;
}

export interface Link {
  readonly name: string;
  readonly loopback: boolean;
  readonly multicast: boolean;
  /** Bytes. */
  readonly mtu: number;
}

/** State of the machine that the doctor runs on. */
export interface MachineFacts {
  /** Without sockets of the doctor itself. */
  readonly sockets: readonly DdsSocket[];
  /** Processes of this user; of all users for root. */
  readonly processes: readonly RosProcess[];
  /** TCP ports that programs listen on. */
  readonly listening: ReadonlySet<number>;
  /** Names in `/dev/shm`. */
  readonly sharedMemory: readonly string[];
  /** Datagrams lost during the examination. */
  readonly lostDatagrams: number;
  /** Network interfaces that are up. */
  readonly links: readonly Link[];
  readonly clock: {
    /** Milliseconds since 1970. */
    readonly nowMs: number;
    /** Clock jump during the examination, milliseconds. */
    readonly jumpedMs: number;
    /** `undefined` if unknown. */
    readonly synchronised: boolean | undefined;
  };
  /** Disk of the data folder, or of its nearest existing parent. */
  readonly disk: { readonly folder: string; readonly freeBytes: number } | undefined;
}
