/** One owner's entry. */
export interface Owned<Owner, Entry> {
  readonly owner: Owner;
  readonly entry: Entry;
}

/** An owner that was asked and did not tell. */
export interface SilentOwner<Owner> {
  readonly owner: Owner;
  readonly error: unknown;
}

/** What the owners of an entity's resources tell of them. */
export interface Gathered<Owner, Entry> {
  readonly entries: readonly Owned<Owner, Entry>[];
  readonly silent: readonly SilentOwner<Owner>[];
}

/** Asks all owners at once; one that fails is named and harms no other. */
export async function gather<Owner, Entry>(
  owners: readonly Owner[],
  list: (owner: Owner) => Promise<readonly Entry[]>,
): Promise<Gathered<Owner, Entry>> {
  const answers = await Promise.allSettled(owners.map(list));
  const entries: Owned<Owner, Entry>[] = [];
  const silent: SilentOwner<Owner>[] = [];
  for (const [at, owner] of owners.entries()) {
    const answer = answers[at];
    if (answer?.status === 'fulfilled') for (const entry of answer.value) entries.push({ owner, entry });
    else silent.push({ owner, error: answer?.reason });
  }
  return { entries, silent };
}

/** The first owner where none of all told anything, which is an error and no empty list; `undefined` otherwise. */
export function nobodyTold<Owner>(
  { silent }: Pick<Gathered<Owner, unknown>, 'silent'>,
  owners: readonly Owner[],
): SilentOwner<Owner> | undefined {
  return silent.length === owners.length ? silent[0] : undefined;
}
