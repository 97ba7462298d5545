import { ERROR_CODES, type ErrorCode } from '../errors/codes.ts';
import { LOCKED_ERRORS, lockCollection } from './lock-collection.ts';
import { ownedCollection } from './owned-collection.ts';
import type { Route } from './route.ts';

/** The id in the path is invalid, or no entity of this type has it. */
export const ENTITY_ERRORS = ['invalid-parameter', 'entity-not-found'] as const;
/** The runtime is unavailable or does not respond. */
export const RUNTIME_ERRORS = ['service-unavailable', 'not-responding'] as const;

/** An error that a route can return. */
export type Failure = readonly [status: number, code: ErrorCode];

/**
 * Errors of every route.
 * - 400: the request has several `Host` headers
 * - 403: it comes from a page of a foreign origin
 * - 421: the host name is not the gateway's
 * - 429: the client sends too many requests
 * - 500 and 503: the gateway has an internal error, or is stopping
 */
const SHARED_FAILURES: readonly Failure[] = [
  [400, 'invalid-request'],
  [403, 'forbidden'],
  [421, 'forbidden'],
  [429, 'rate-limit-exceeded'],
  [500, 'internal-error'],
  [503, 'x-medkit-gateway-shutdown'],
];

/** Error of every list route: an unknown query parameter. */
const UNKNOWN_QUERY: Failure = [400, 'invalid-parameter'];

/** Errors of every route with a body: it does not match the schema, is too large, or is not declared as JSON. */
const BODY_FAILURES: readonly Failure[] = [
  [400, 'invalid-request'],
  [413, 'payload-too-large'],
  [415, 'invalid-request'],
];

/**
 * Error of every collection of an entity: the entity belongs to another gateway, and this gateway does not forward the
 * collection.
 */
const NOT_SERVED: Failure = [501, 'not-implemented'];

/** Further errors if the entity belongs to another gateway that cannot be reached. */
const NOT_REACHED: readonly Failure[] = [
  [502, 'x-medkit-peer-unavailable'],
  [503, 'service-unavailable'],
  [504, 'not-responding'],
];

/** Error of every change: it was sent to the owner of an entity, or repeated, and no reply confirms its effect. */
const OUTCOME_UNKNOWN: Failure = [504, 'x-medkit-outcome-unknown'];

/** Error of every change if the audit log is mandatory and cannot record it. */
const UNRECORDED: Failure = [503, 'service-unavailable'];

/** Error of every change: its `Idempotency-Key` was used for another request. */
const KEY_REUSED: Failure = [409, 'x-medkit-key-reused'];

/** With authentication enabled: the credential is missing or invalid. */
const UNKNOWN: readonly Failure[] = [[401, 'unauthorized']];
/** With authentication enabled: the client lacks the permission. */
const REFUSED: readonly Failure[] = [[403, 'insufficient-access-rights']];

/** Returns every error that a route can return, the errors specific to it first. */
export function failuresOf(route: Route, tokenNeeded: boolean): readonly Failure[] {
  const { method, errors, unusualErrors = [], body, permission } = route;
  const declared = errors.map((code): Failure => [ERROR_CODES[code].status, code]);
  const isNew = ([, code]: Failure): boolean => !declared.some(([, known]) => known === code);
  return [
    ...declared,
    ...unusualErrors,
    ...(method === 'get' && route.operationId.startsWith('list') ? [UNKNOWN_QUERY].filter(isNew) : []),
    ...(body ? BODY_FAILURES : []),
    ...(lockCollection(route) === undefined ? [] : LOCKED_ERRORS),
    ...(method === 'get' ? [] : [UNRECORDED, KEY_REUSED, OUTCOME_UNKNOWN]),
    ...(ownedCollection(route) === undefined ? [] : [NOT_SERVED, ...NOT_REACHED].filter(isNew)),
    ...(tokenNeeded ? [...UNKNOWN, ...(permission === 'public' ? [] : REFUSED)].filter(isNew) : []),
    ...SHARED_FAILURES,
  ];
}
