import type { Authority } from '@medkit/tunnel';

/** Request header in which a hub states the class of what it requests. */
export const CLASS_HEADER = 'x-medkit-class';

/**
 * Classes of the data on an uplink: 0 for handshake, pings and state, 1 for the log, 2 for frames and log windows of a
 * fault, 3 for requests of people, 4 for urgent bulk data, 5 for other bulk data.
 */
export const TRAFFIC_CLASSES = [0, 1, 2, 3, 4, 5] as const;
export type TrafficClass = (typeof TRAFFIC_CLASSES)[number];

/** Classes that a hub may state for a destination; the first one counts if it states none, or another one. */
const STATED: Readonly<Record<Authority, readonly TrafficClass[]>> = { uplink: [2], gateway: [3], files: [4, 3, 5] };
const UPLINK_ROUTES = /^\/api\/v1\/x-medkit-uplink(?:\/(\w+))?(?:\?|$)/;

export interface TrafficRequest {
  /** Destination of the stream that carries the request. */
  readonly authority: Authority;
  /** Path and query of the request. */
  readonly url: string;
  /** Value of `x-medkit-class`. */
  readonly stated?: string | undefined;
}

/**
 * Returns the class of a request of the hub. The destination limits what the hub may state, so that a hub cannot pass off
 * a recording as a part of the log.
 */
export function trafficClass({ authority, url, stated }: TrafficRequest): TrafficClass {
  const route = authority === 'uplink' ? UPLINK_ROUTES.exec(url) : null;
  if (route) return route[1] === 'state' ? 0 : 1;
  const allowed = STATED[authority];
  return allowed.find((each) => String(each) === stated) ?? allowed[0]!;
}
