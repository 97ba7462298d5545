import { type FailedMember, SovdError } from '@medkit/contract';
import type { Entity } from '@medkit/core';
import type { SilentOwner } from './gather.ts';

/** The members whose resources are missing from a list, why, and since when. */
export function failedMembers(
  silent: readonly SilentOwner<{ readonly entity: Pick<Entity, 'id'>; readonly runtime: string }>[],
): FailedMember[] {
  return silent.map(({ owner, error }) => ({
    entity_id: owner.entity.id,
    runtime: owner.runtime,
    // What is no SovdError was never meant for a client.
    ...(error instanceof SovdError ? { message: error.message, ...sinceOf(error) } : { message: 'No answer' }),
  }));
}

/** Since when an owner does not answer, where the error of the guard before it says so. */
function sinceOf({ parameters }: SovdError): Pick<FailedMember, 'since'> {
  const { since } = parameters ?? {};
  return typeof since === 'string' ? { since } : {};
}
