import { ERROR_CODES, type ErrorCode } from '../errors/codes.ts';
import { LOCKED_ERRORS, lockCollection } from './lock-collection.ts';
import { ownedCollection } from './owned-collection.ts';
import type { Route } from './route.ts';

/** The id of the path is none, or no entity of this type has it. */
export const ENTITY_ERRORS = ['invalid-parameter', 'entity-not-found'] as const;
/** The runtime that should answer does not. */
export const RUNTIME_ERRORS = ['service-unavailable', 'not-responding'] as const;

/** An error as a route answers it. */
export type Failure = readonly [status: number, code: ErrorCode];

/**
 * Every route can answer these: to a request of several hosts, to a page of a foreign origin, to a host name that is not the
 * gateway's, to who asks too often, on a defect, and while the gateway stops.
 */
const SHARED_FAILURES: readonly Failure[] = [
  [400, 'invalid-request'],
  [403, 'forbidden'],
  [421, 'forbidden'],
  [429, 'rate-limit-exceeded'],
  [500, 'internal-error'],
  [503, 'x-medkit-gateway-shutdown'],
];

/** Every route that lists can answer this: to a query parameter that it does not have. */
const UNKNOWN_QUERY: Failure = [400, 'invalid-parameter'];

/** Every route with a body can answer these: to one that does not fit, is too large, or does not say that it is JSON. */
const BODY_FAILURES: readonly Failure[] = [
  [400, 'invalid-request'],
  [413, 'payload-too-large'],
  [415, 'invalid-request'],
];

/** Every route to a collection of an entity can answer this, where the entity is of a gateway that does not offer it here. */
const NOT_SERVED: Failure = [501, 'not-implemented'];

/** It can answer these besides, where the entity is of another gateway that does not answer. */
const NOT_REACHED: readonly Failure[] = [
  [502, 'x-medkit-peer-unavailable'],
  [503, 'service-unavailable'],
  [504, 'not-responding'],
];

/** A change of what an entity owns can answer this: it was sent, and no reply says what became of it. */
const OUTCOME_UNKNOWN: Failure = [504, 'x-medkit-outcome-unknown'];

/** Every route that changes something can answer this, where nothing may change without a record in the audit log. */
const UNRECORDED: Failure = [503, 'service-unavailable'];

/** Where there are accounts: to whoever did not say who it is, or did wrongly. */
const UNKNOWN: readonly Failure[] = [[401, 'unauthorized']];
/** And to whoever may not. */
const REFUSED: readonly Failure[] = [[403, 'insufficient-access-rights']];

/** Every error that a route can answer, its own first. */
export function failuresOf(route: Route, tokenNeeded: boolean): readonly Failure[] {
  const { method, errors, unusualErrors = [], body, permission } = route;
  const own = errors.map((code): Failure => [ERROR_CODES[code].status, code]);
  const isNew = ([, code]: Failure): boolean => !own.some(([, known]) => known === code);
  return [
    ...own,
    ...unusualErrors,
    ...(method === 'get' && route.operationId.startsWith('list') ? [UNKNOWN_QUERY].filter(isNew) : []),
    ...(body ? BODY_FAILURES : []),
    ...(lockCollection(route) === undefined ? [] : LOCKED_ERRORS),
    ...(method === 'get' ? [] : [UNRECORDED]),
    ...(ownedCollection(route) === undefined ? [] : [NOT_SERVED, ...NOT_REACHED].filter(isNew)),
    ...(ownedCollection(route) === undefined || method === 'get' ? [] : [OUTCOME_UNKNOWN]),
    ...(tokenNeeded ? [...UNKNOWN, ...(permission === 'public' ? [] : REFUSED)].filter(isNew) : []),
    ...SHARED_FAILURES,
  ];
}
