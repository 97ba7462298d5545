import type { DataEntry } from '@medkit/core';
import { ask, type Gathered, type Owned, type OwnerQuery } from '../members/ask.ts';
import type { Owner } from '../members/owners.ts';

/** A member of an entity together with the provider that serves its data. */
export type DataOwner = Owner<'data'>;
export type OwnedData = Owned<DataOwner, DataEntry>;
export type GatheredData = Gathered<DataOwner, DataEntry>;

/** Collects the data lists of all owners. */
export async function gatherData(question: OwnerQuery<DataOwner>): Promise<GatheredData> {
  return ask(question, ({ provider, nativeId }, call) => provider.list(nativeId, call));
}
