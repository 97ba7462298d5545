import { type FailedMember, SovdError } from '@medkit/contract';
import type { Entity } from '@medkit/core';
import type { UnresponsiveOwner } from './ask.ts';

/** Describes the members missing from a list: which, why, and since when. */
export function failedMembers(
  silent: readonly UnresponsiveOwner<{ readonly entity: Pick<Entity, 'id'>; readonly runtime: string }>[],
): { readonly partial?: true; readonly failed_members?: FailedMember[] } {
  if (silent.length === 0) return {};
  const failed_members = silent.map(({ owner, error }) => ({
    entity_id: owner.entity.id,
    runtime: owner.runtime,
    // Errors other than `SovdError` are internal and not shown to clients.
    ...(error instanceof SovdError ? { message: error.message, ...sinceOf(error) } : { message: 'No answer' }),
  }));
  return { partial: true, failed_members };
}

/** Returns since when an owner does not answer, if the error of its guard says so. */
function sinceOf({ parameters }: SovdError): Pick<FailedMember, 'since'> {
  const { since } = parameters ?? {};
  return typeof since === 'string' ? { since } : {};
}
