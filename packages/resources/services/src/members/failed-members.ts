import { type FailedMember, SovdError } from '@medkit/contract';
import type { Entity } from '@medkit/core';
import type { SilentOwner } from './ask.ts';

/** What a list says of the members whose resources are missing from it: who they are, why, and since when. */
export function failedMembers(
  silent: readonly SilentOwner<{ readonly entity: Pick<Entity, 'id'>; readonly runtime: string }>[],
): { readonly partial?: true; readonly failed_members?: FailedMember[] } {
  if (silent.length === 0) return {};
  const failed_members = silent.map(({ owner, error }) => ({
    entity_id: owner.entity.id,
    runtime: owner.runtime,
    // What is no SovdError was never meant for a client.
    ...(error instanceof SovdError ? { message: error.message, ...sinceOf(error) } : { message: 'No answer' }),
  }));
  return { partial: true, failed_members };
}

/** Since when an owner does not answer, where the error of the guard before it says so. */
function sinceOf({ parameters }: SovdError): Pick<FailedMember, 'since'> {
  const { since } = parameters ?? {};
  return typeof since === 'string' ? { since } : {};
}
