import { SovdError } from '@medkit/contract';
import type { Quota } from '@medkit/edges';
import type { CallContext } from './call-context.ts';
import { ALL_PERMISSIONS } from './principal.ts';

/** Addresses of this machine, an IPv6 address as its /64 prefix. */
const LOOPBACK = /^(?:127\.|::\/64$)/;

/** What a quota bounds, for the error of a client that is refused. */
export interface Bound {
  /** Plural noun: `triggers`. */
  readonly what: string;
  /** What the client or the operator can do: `delete some first, or raise triggers.max_triggers`. */
  readonly remedy: string;
  /** Name under which the error gives the capacity: `max_triggers`. */
  readonly parameter: string;
}

/**
 * Owner of what a call creates: the principal that answers for the caller, or the network address of a caller that need not
 * say who it is. A call of this gateway has the owner that it is made for, if any. `undefined` for other calls that only the capacity bounds: those of this gateway, and those of programs on this
 * machine if all of them may do everything, as they share one address.
 */
export function ownerOf({ principal, source }: Pick<CallContext, 'principal' | 'source'>): string | undefined {
  if (principal.kind === 'gateway') return principal.owner;
  if (principal.kind !== 'anonymous') return principal.owner ?? principal.id;
  if (LOOPBACK.test(source) && principal.permissions.size === ALL_PERMISSIONS.size) return undefined;
  return source === '' ? undefined : `address:${source}`;
}

/** Takes a place for an owner. Throws as `refusePlace` if there is none. */
export function takePlace(quota: Quota, owner: string | undefined, bound: Bound): void {
  refusePlace(quota, owner, bound);
  quota.add(owner);
}

/**
 * Throws 503 `service-unavailable` if the collection is full, and 429 `rate-limit-exceeded` if the owner holds its share; both
 * name the bound and the remedy. For a collection that counts what is added by itself.
 */
export function refusePlace(quota: Quota, owner: string | undefined, { what, remedy, parameter }: Bound): void {
  if (quota.admits(owner)) return;
  quota.refuse();
  const parameters = { [parameter]: quota.capacity };
  if (quota.isFull) {
    const message = `There are ${quota.capacity} ${what} already: ${remedy}`;
    throw new SovdError({ code: 'service-unavailable', message, parameters });
  }
  const held = owner === undefined ? 0 : quota.heldBy(owner);
  const message = `${owner} has ${held} of ${quota.capacity} ${what}, and the rest is left to others: ${remedy}`;
  throw new SovdError({
    code: 'rate-limit-exceeded',
    message,
    parameters: { ...parameters, held },
  });
}
