import { SovdError } from '@medkit/contract';
import type { Quota } from '@medkit/edges';
import type { CallContext } from './call-context.ts';
import { ALL_PERMISSIONS } from './principal.ts';

/** Loopback addresses, an IPv6 address as its /64 prefix. */
const LOOPBACK = /^(?:127\.|::\/64$)/;

/** Describes a quota in the error of a client that is refused. */
export interface QuotaDescription {
  /** Plural noun: `triggers`. */
  readonly what: string;
  /** What the client or the operator can do: `delete some first, or raise triggers.max_triggers`. */
  readonly remedy: string;
  /** Name of the error parameter that gives the capacity: `max_triggers`. */
  readonly parameter: string;
}

/**
 * Returns the owner of what a call creates: the principal responsible for the caller, or the network address of an
 * anonymous caller. A call of this gateway has the owner that it is made for, if any.
 *
 * Returns `undefined` if only the capacity applies: for other calls of this gateway, and for local programs if
 * anonymous callers have all permissions. Local programs share one address.
 */
export function ownerOf({ principal, source }: Pick<CallContext, 'principal' | 'source'>): string | undefined {
  if (principal.kind === 'gateway') return principal.owner;
  if (principal.kind !== 'anonymous') return principal.owner ?? principal.id;
  if (LOOPBACK.test(source) && principal.permissions.size === ALL_PERMISSIONS.size) return undefined;
  return source === '' ? undefined : `address:${source}`;
}

/** Reserves a place for an owner. Throws like `assertQuota` if there is none. */
export function reserveQuota(quota: Quota, owner: string | undefined, bound: QuotaDescription): void {
  assertQuota(quota, owner, bound);
  quota.add(owner);
}

/**
 * Throws 503 `service-unavailable` if the collection is full, and 429 `rate-limit-exceeded` if the owner has used up
 * its share. Both name the limit and the remedy. Reserves nothing: for collections that count their entries themselves.
 */
export function assertQuota(
  quota: Quota,
  owner: string | undefined,
  { what, remedy, parameter }: QuotaDescription,
): void {
  if (quota.admits(owner)) return;
  quota.refuse();
  const parameters = { [parameter]: quota.capacity };
  if (quota.isFull) {
    const message = `There are already ${quota.capacity} ${what}, the maximum: ${remedy}`;
    throw new SovdError({ code: 'service-unavailable', message, parameters });
  }
  const held = owner === undefined ? 0 : quota.heldBy(owner);
  const message = `${owner} has ${held} of ${quota.capacity} ${what}, and the rest is reserved for other clients: ${remedy}`;
  throw new SovdError({
    code: 'rate-limit-exceeded',
    message,
    parameters: { ...parameters, held },
  });
}
