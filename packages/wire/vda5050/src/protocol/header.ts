import type { RobotAddress } from './topics.ts';

/** Header of every message (2.1.0, 6.4; 3.0.0, 7.2). */
export interface Header {
  /** Counted separately for each topic. */
  readonly headerId: number;
  /** ISO 8601 in UTC, with milliseconds. */
  readonly timestamp: string;
  readonly version: string;
  readonly manufacturer: string;
  readonly serialNumber: string;
}

/** `headerId` is a uint32 and wraps around. */
const HEADER_IDS = 2 ** 32;

/** Creates the consecutive headers of one topic of a robot. `wallMs` returns milliseconds since 1970. */
export function headerMaker(
  { version, manufacturer, serialNumber }: RobotAddress,
  wallMs: () => number,
  firstId = 0,
): () => Header {
  let next = firstId % HEADER_IDS;
  return () => {
    const headerId = next;
    next = (next + 1) % HEADER_IDS;
    return { headerId, timestamp: new Date(wallMs()).toISOString(), version, manufacturer, serialNumber };
  };
}
