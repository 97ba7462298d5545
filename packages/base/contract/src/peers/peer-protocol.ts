/*
 * The protocol between gateways. A gateway asks another one over the routes of the API, below API_BASE, and adds the
 * headers of this file. There is no version: a gateway ignores headers and members that it does not know, and answers
 * 404 or 501 to a route that it does not have. ros2_medkit knows `localOnly` and the routes without `x-medkit-`.
 */

import { DATA_PICTURE } from '../schemas/data-picture.ts';

/** Request headers that one gateway adds for another. */
export const PEER_HEADERS = {
  /** Instances of the gateways that the request passed, separated by commas. A request that comes back ends there. */
  via: 'x-medkit-via',
  /** `1`: the gateway answers with its own data, without asking others. */
  localOnly: 'x-medkit-no-fan-out',
  /** Instances of the gateways that the sender asks itself, separated by commas: they need not be asked again. */
  asked: 'x-medkit-asked',
  /** Name of the client for which the request is forwarded. Only accepted from a key that may impersonate. */
  onBehalfOf: 'x-medkit-on-behalf-of',
  /** Permissions of that client at the sender, separated by commas. They restrict the request; absent: all. */
  permissions: 'x-medkit-permissions',
  /** `1`: a hub sends a request that waited for this robot. The robot checks whether such a request may wait. */
  queued: 'x-medkit-queued',
} as const;

/** `1`: a fleet hub requests data of a robot beyond its data budget. Needs the permission `uplink.budget` there. */
export const OVER_BUDGET_HEADER = 'x-medkit-over-budget';

/** Maximum instances in one header. */
export const MAX_PEER_INSTANCES = 100;

/** Headers of a client's request that are forwarded. */
export const FORWARDED_HEADERS: readonly string[] = [
  'accept',
  'content-range',
  'content-type',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'if-range',
  'last-event-id',
  'range',
  'traceparent',
  'tracestate',
  'x-client-id',
  PEER_HEADERS.asked,
  PEER_HEADERS.localOnly,
];

/** Response headers that are returned to the client: those about the document, not about connections or cookies. */
export const RETURNED_HEADERS: readonly string[] = [
  'accept-ranges',
  'allow',
  'cache-control',
  'content-disposition',
  'content-length',
  'content-range',
  'content-type',
  'etag',
  'last-modified',
  'location',
  'retry-after',
  'x-medkit-local-only',
  ...Object.values(DATA_PICTURE.headers).map((name) => name.toLowerCase()),
];

/** Routes that a gateway reads of another one by itself; all others are requests of clients. */
export const PEER_PATHS = {
  /** All entities in one reply. A gateway without it is read route by route. */
  tree: '/x-medkit-tree',
  /** Events `tree` with the ETag of the tree. */
  treeEvents: '/x-medkit-tree/events',
  /** Fault events, which continue after the last received id. */
  faultEvents: '/faults/stream',
  /** Its faults, to copy them. */
  faults: '/faults',
  /** Values as a stream. */
  live: '/x-medkit-live',
  /** Its time, to measure how far its clock deviates. */
  clock: '/health',
  /** A short reply, to measure the round-trip time. */
  roundTrip: '/version-info',
  /** Its audit log. */
  audit: '/x-medkit-audit',
  /** Verifies its audit log. */
  auditVerification: '/x-medkit-audit/verify',
} as const;

/** Name of the events of {@link PEER_PATHS.treeEvents}. */
export const TREE_EVENT = 'tree';
