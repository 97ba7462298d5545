import type { RosProcess } from './ros-process.ts';

/** A UDP socket on a port of DDS, with the program that holds it. */
export interface DdsSocket {
  readonly domainId: number;
  readonly userId: number;
  /** Absent for a program of somebody else. */
  readonly process?: RosProcess;
}

export interface Link {
  readonly name: string;
  readonly loopback: boolean;
  readonly multicast: boolean;
  /** Octets. */
  readonly mtu: number;
}

/** What the doctor sees of the machine that it runs on, besides what is heard of the robot. */
export interface MachineFacts {
  /** Without those of the doctor itself. */
  readonly sockets: readonly DdsSocket[];
  /** Of this user; of all users for root. */
  readonly processes: readonly RosProcess[];
  /** TCP ports that programs listen on. */
  readonly listening: ReadonlySet<number>;
  /** Names in `/dev/shm`. */
  readonly sharedMemory: readonly string[];
  /** Datagrams that were lost while the doctor listened. */
  readonly lostDatagrams: number;
  /** Network interfaces that are up. */
  readonly links: readonly Link[];
  readonly clock: {
    /** Milliseconds since 1970. */
    readonly nowMs: number;
    /** By how much it was set while the doctor listened, milliseconds. */
    readonly jumpedMs: number;
    /** `undefined` where nobody says. */
    readonly synchronised: boolean | undefined;
  };
  /** Of the data folder, or the nearest one above it that exists. */
  readonly disk: { readonly folder: string; readonly freeBytes: number } | undefined;
}
