import type { OperationEntry } from '@medkit/core';
import { ask, type Gathered, type Owned, type OwnerQuery } from '../members/ask.ts';
import type { Owner } from '../members/owners.ts';

/** A member of an entity together with the provider that serves its operations. */
export type OperationOwner = Owner<'operations'>;
export type OwnedOperation = Owned<OperationOwner, OperationEntry>;
export type GatheredOperations = Gathered<OperationOwner, OperationEntry>;

/** Collects the operation lists of all owners. */
export async function gatherOperations(question: OwnerQuery<OperationOwner>): Promise<GatheredOperations> {
  return ask(question, ({ provider, nativeId }, call) => provider.list(nativeId, call));
}
