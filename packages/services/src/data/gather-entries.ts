import type { CallContext, DataEntry } from '@medkit/core';
import type { DataOwner } from './owners.ts';

/** One owner's entry. */
export interface OwnedEntry {
  readonly owner: DataOwner;
  readonly entry: DataEntry;
}

/** An owner that was asked and did not tell. */
export interface SilentOwner {
  readonly owner: DataOwner;
  readonly error: unknown;
}

/** What the owners of an entity's data tell of it. */
export interface GatheredEntries {
  readonly entries: readonly OwnedEntry[];
  readonly silent: readonly SilentOwner[];
}

/** Asks all owners at once; one that fails is named and harms no other. */
export async function gatherEntries(owners: readonly DataOwner[], call: CallContext): Promise<GatheredEntries> {
  const answers = await Promise.allSettled(owners.map(({ provider, nativeId }) => provider.list(nativeId, call)));
  const entries: OwnedEntry[] = [];
  const silent: SilentOwner[] = [];
  for (const [at, owner] of owners.entries()) {
    const answer = answers[at];
    if (answer?.status === 'fulfilled') for (const entry of answer.value) entries.push({ owner, entry });
    else silent.push({ owner, error: answer?.reason });
  }
  return { entries, silent };
}
