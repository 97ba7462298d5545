import { type Awaitable, isPromise } from '@medkit/core';

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

/** Asks all owners at once; one that fails is named and harms no other. There at once where all of them answer at once. */
export function gather<Owner, Entry>(
  owners: readonly Owner[],
  list: (owner: Owner) => Awaitable<readonly Entry[]>,
): Awaitable<Gathered<Owner, Entry>> {
  const answers = owners.map(list);
  return answers.some(isPromise) ? settled(owners, answers) : gathered(owners, answers as (readonly Entry[])[]);
}

async function settled<Owner, Entry>(
  owners: readonly Owner[],
  asked: readonly Awaitable<readonly Entry[]>[],
): Promise<Gathered<Owner, Entry>> {
  const answers = await Promise.allSettled(asked);
  const silent = owners.flatMap((owner, at): SilentOwner<Owner>[] => {
    const answer = answers[at];
    return answer?.status === 'rejected' ? [{ owner, error: answer.reason }] : [];
  });
  const told = answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  return { ...gathered(owners, told), silent };
}

function gathered<Owner, Entry>(owners: readonly Owner[], told: readonly (readonly Entry[])[]): Gathered<Owner, Entry> {
  const entries: Owned<Owner, Entry>[] = [];
  for (const [at, owner] of owners.entries()) for (const entry of told[at] ?? []) entries.push({ owner, entry });
  return { entries, silent: [] };
}

/** The first owner where none of all told anything, which is an error and no empty list; `undefined` otherwise. */
export function nobodyTold<Owner>(
  { silent }: Pick<Gathered<Owner, unknown>, 'silent'>,
  owners: readonly Owner[],
): SilentOwner<Owner> | undefined {
  return silent.length === owners.length ? silent[0] : undefined;
}
