import type { CallContext, OperationEntry } from '@medkit/core';
import { type Gathered, gather, type Owned } from '../members/gather.ts';
import type { Owner } from '../members/owners.ts';

/** A member of an entity together with the provider that serves its operations. */
export type OperationOwner = Owner<'operations'>;
export type OwnedOperation = Owned<OperationOwner, OperationEntry>;
export type GatheredOperations = Gathered<OperationOwner, OperationEntry>;

/** What the owners tell of their operations. */
export async function gatherOperations(
  owners: readonly OperationOwner[],
  call: CallContext,
): Promise<GatheredOperations> {
  return gather(owners, ({ provider, nativeId }) => provider.list(nativeId, call));
}
