import type { CallContext, DataEntry } from '@medkit/core';
import { type Gathered, gather, type Owned } from '../members/gather.ts';
import type { Owner } from '../members/owners.ts';

/** A member of an entity together with the provider that serves its data. */
export type DataOwner = Owner<'data'>;
export type OwnedData = Owned<DataOwner, DataEntry>;
export type GatheredData = Gathered<DataOwner, DataEntry>;

/** What the owners tell of their data. */
export async function gatherData(owners: readonly DataOwner[], call: CallContext): Promise<GatheredData> {
  return gather(owners, ({ provider, nativeId }) => provider.list(nativeId, call));
}
