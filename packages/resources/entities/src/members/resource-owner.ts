import { SovdError } from '@medkit/contract';
import { type CallContext, ownerOf } from '@medkit/core';
import type { Observed } from '../observed/observation-limits.ts';

/** Returns why the owner of a trigger or subscription cannot have it any more, as a sentence; `undefined` if it can. */
export type OwnerProblem = (owner: string, observed: Observed) => string | undefined;

/** Returns the id of the owner, unless it is a network address, which must stay private. */
export function publicOwner(owner: string | undefined): string | undefined {
  return owner?.startsWith('address:') ? undefined : owner;
}

/**
 * Throws 403 `insufficient-access-rights` if the caller neither owns the trigger or subscription nor may manage those of
 * others. One that an earlier medkit stored has no owner: managing it needs that permission.
 */
export function assertOwner(owner: string | undefined, call: CallContext, name: string): void {
  const { principal } = call;
  if (principal.kind === 'gateway' || principal.permissions.has('subscriptions.manage')) return;
  if (owner !== undefined && owner === ownerOf(call)) return;
  const whose = owner === undefined ? 'has no known owner' : `belongs to ${publicOwner(owner) ?? 'another client'}`;
  throw new SovdError({
    code: 'insufficient-access-rights',
    message: `${name} ${whose}: changing it needs the permission subscriptions.manage`,
    parameters: { permission: 'subscriptions.manage' },
  });
}
