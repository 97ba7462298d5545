import { type FailedMember, SovdError } from '@medkit/contract';
import type { Entity } from '@medkit/core';
import type { SilentOwner } from './gather.ts';

/** The members whose resources are missing from a list, and why. */
export function failedMembers(
  silent: readonly SilentOwner<{ readonly entity: Pick<Entity, 'id'>; readonly runtime: string }>[],
): FailedMember[] {
  return silent.map(({ owner, error }) => ({
    entity_id: owner.entity.id,
    runtime: owner.runtime,
    // What is no SovdError was never meant for a client.
    message: error instanceof SovdError ? error.message : 'No answer',
  }));
}
