import type { BoundedQueue } from './bounded-queue.ts';

/** Maximum items of a group: a failure of one lets each of them run alone. */
const MAX_GROUP = 64;

/** The outcome of one item. */
export type GroupOutcome<Result> =
  | { readonly result: Result; readonly error?: undefined }
  | { readonly error: unknown; readonly result?: undefined };

export interface GroupCommitOptions<Item, Result> {
  readonly queue: BoundedQueue;
  /** Returns whether an item may be in a group with others. */
  readonly mayJoin: (item: Item) => boolean;
  /** Runs a group. Returns an outcome for each item, in order, and does not reject. */
  readonly run: (items: readonly Item[]) => Promise<readonly GroupOutcome<Result>[]>;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  outcome: GroupOutcome<Result> | undefined;
}

/**
 * Returns a function that runs items in the order of their arrival: those that wait for the one before form a group. It
 * rejects with the error of its item, and with `StoreBusy` if the queue is full.
 */
export function groupCommit<Item, Result>({
  queue,
  mayJoin,
  run,
}: GroupCommitOptions<Item, Result>): (bytes: number, item: Item) => Promise<Result> {
  const waiting: Waiting<Item, Result>[] = [];
  const next = (): readonly Waiting<Item, Result>[] => {
    const first = waiting.slice(0, MAX_GROUP);
    const alone = first.findIndex(({ item }) => !mayJoin(item));
    return waiting.splice(0, Math.max(1, alone === -1 ? first.length : alone));
  };
  const runNext = async (): Promise<void> => {
    const group = next();
    const outcomes = await run(group.map(({ item }) => item));
    for (const [index, entry] of group.entries()) entry.outcome = outcomes[index];
  };
  return async (bytes, item) => {
    const entry: Waiting<Item, Result> = { item, outcome: undefined };
    const turn = async (): Promise<void> => {
      if (!entry.outcome) await runNext();
    };
    await queue.run(bytes, turn, () => void waiting.push(entry));
    const { outcome } = entry;
    if (!outcome) throw new Error('a group has no outcome for one of its items');
    if (outcome.error !== undefined) throw outcome.error;
    return outcome.result as Result;
  };
}
