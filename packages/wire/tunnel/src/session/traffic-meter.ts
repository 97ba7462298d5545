import type { Duplex } from 'node:stream';
import type { Octets } from '../carrier/carrier.ts';
import type { Authority } from './authorities.ts';

export type TrafficDirection = keyof Octets;

/** Bytes of a class that have passed the socket of an uplink. */
export interface Traffic {
  readonly trafficClass: number;
  readonly direction: TrafficDirection;
  readonly bytes: number;
}

/** A stream whose data belongs to a traffic class. Its server may change the class at each request. */
export interface ClassedStream extends Duplex {
  trafficClass: number;
}

/** Class of what belongs to no stream: handshake, pings and frames. */
const OVERHEAD = 0;
/** Class of a stream whose server has not stated one yet: of the log, of a person, and of bulk data. */
export const FIRST_CLASSES: Readonly<Record<Authority, number>> = { uplink: 1, gateway: 3, files: 4 };

/** Attributes the bytes of a socket to the classes of its streams. */
export interface TrafficMeter {
  /** Counts what this stream sends and receives. Call it after the server of the stream listens for data. */
  attach(stream: ClassedStream): void;
  /**
   * Reports what passed the socket since the last call. Data that a stream has handed over and that is still buffered
   * counts once it has passed the socket.
   */
  settle(octets: Octets): void;
}

/** Opens a meter. The sum of all reports is always the number of bytes of the socket. */
export function trafficMeter(report: (traffic: Traffic) => void): TrafficMeter {
  const settled = { sent: 0, received: 0 };
  const pending = { sent: new Map<number, number>(), received: new Map<number, number>() };
  const count = (direction: TrafficDirection, trafficClass: number, bytes: number): void => {
    pending[direction].set(trafficClass, (pending[direction].get(trafficClass) ?? 0) + bytes);
  };
  const settleOne = (direction: TrafficDirection, total: number): void => {
    const passed = Math.max(0, total - settled[direction]);
    settled[direction] += passed;
    let left = passed;
    const waiting = [...pending[direction]];
    const sum = waiting.reduce((all, [, bytes]) => all + bytes, 0);
    for (const [trafficClass, bytes] of waiting) {
      const share = sum <= passed ? bytes : Math.floor((bytes * passed) / sum);
      pending[direction].set(trafficClass, bytes - share);
      left -= share;
      if (share > 0) report({ trafficClass, direction, bytes: share });
    }
    if (left > 0) report({ trafficClass: OVERHEAD, direction, bytes: left });
  };
  return {
    attach: (stream) => {
      stream.on('data', (chunk: Buffer) => count('received', stream.trafficClass, chunk.length));
      const write = stream.write.bind(stream);
      stream.write = ((chunk: string | Uint8Array, ...others: [BufferEncoding]) => {
        const bytes = typeof chunk === 'string' ? Buffer.byteLength(chunk, others[0]) : chunk.byteLength;
        count('sent', stream.trafficClass, bytes);
        return write(chunk, ...others);
      }) as Duplex['write'];
    },
    settle: ({ sent, received }) => {
      settleOne('sent', sent);
      settleOne('received', received);
    },
  };
}
