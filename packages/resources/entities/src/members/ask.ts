import { type Awaitable, type CallContext, isPromise, LOCAL, type Origin, withCaller } from '@medkit/core';
import type { Clock } from '@medkit/edges';

/** How much of a call's time the owners may use. */
export interface Budget {
  /**
   * Maximum milliseconds for each owner at another gateway, if there are several owners. An answer without that owner
   * is better than a late one.
   */
  readonly remoteMs: number;
  /** Usable fraction of the remaining time, up to 1. */
  readonly share: number;
}

/** Budget for a list. */
export const LIST: Budget = { remoteMs: 1000, share: 1 };
/**
 * Budget for a change that fans out to several owners: each has 3 s, and an unresponsive one cannot use more than half
 * of the request's deadline.
 */
export const CHANGE: Budget = { remoteMs: 3000, share: 0.5 };
/** Budget for finding an item: an unresponsive member must leave half of the time for the owner of the item. */
export const FIND: Budget = { remoteMs: 1000, share: 0.5 };

export interface OwnerQuery<Owner> {
  readonly owners: readonly Owner[];
  readonly clock: Clock;
  readonly call: CallContext;
  readonly budget: Budget;
}

/** An entry and its owner. */
export interface Owned<Owner, Entry> {
  readonly owner: Owner;
  readonly entry: Entry;
}

/** An owner that failed or did not answer in time. */
export interface UnresponsiveOwner<Owner> {
  readonly owner: Owner;
  readonly error: unknown;
}

/** The collected replies of several owners. */
export interface Gathered<Owner, Entry> {
  readonly entries: readonly Owned<Owner, Entry>[];
  readonly silent: readonly UnresponsiveOwner<Owner>[];
}

/**
 * Asks all owners concurrently, each within the budget. Failed and late owners are listed in the result and do not
 * affect others. Returns synchronously if all owners answer synchronously.
 */
export function ask<Owner extends { readonly origin: Origin }, Entry>(
  question: OwnerQuery<Owner>,
  list: (owner: Owner, call: CallContext) => Awaitable<readonly Entry[]>,
): Awaitable<Gathered<Owner, Entry>> {
  const { owners } = question;
  const callOf = callsWithBudget(question);
  const answers = owners.map((owner) => list(owner, callOf(owner)));
  return answers.some(isPromise)
    ? settled(owners, answers)
    : { entries: entriesOf(owners, answers as (readonly Entry[])[]), silent: [] };
}

/** Returns the call context for each owner, with a deadline according to the budget. */
export function callsWithBudget<Owner extends { readonly origin: Origin }>({
  owners,
  clock,
  call,
  budget,
}: OwnerQuery<Owner>): (owner: Owner) => CallContext {
  const isRemote = ({ origin }: Owner): boolean => origin !== LOCAL;
  const near = budget.share < 1 ? until(call, deadlineMs(clock, call, budget)) : call;
  if (owners.length < 2 || !owners.some(isRemote)) return () => near;
  const far = until(call, Math.min(near.deadlineMs, clock.monotonicMs() + budget.remoteMs));
  return (owner) => (isRemote(owner) ? far : near);
}

/** Returns the monotonic milliseconds at which the share of a budget ends. */
export function deadlineMs(clock: Clock, call: CallContext, { share }: Pick<Budget, 'share'>): number {
  const nowMs = clock.monotonicMs();
  return nowMs + (call.deadlineMs - nowMs) * share;
}

function until(call: CallContext, deadlineMs: number): CallContext {
  const { clientId, principal, source, via, trace } = call;
  return withCaller(call, { deadlineMs, clientId, principal, source, via, trace });
}

/**
 * Returns the first failed owner if every owner failed; otherwise `undefined`. A list that no owner answered is an
 * error, not an empty list.
 */
export function totalFailure<Owner>(
  { silent }: Pick<Gathered<Owner, unknown>, 'silent'>,
  owners: readonly Owner[],
): UnresponsiveOwner<Owner> | undefined {
  return silent.length === owners.length ? silent[0] : undefined;
}

async function settled<Owner, Entry>(
  owners: readonly Owner[],
  pending: readonly Awaitable<readonly Entry[]>[],
): Promise<Gathered<Owner, Entry>> {
  const answers = await Promise.allSettled(pending);
  const silent = owners.flatMap((owner, at): UnresponsiveOwner<Owner>[] => {
    const answer = answers[at];
    return answer?.status === 'rejected' ? [{ owner, error: answer.reason }] : [];
  });
  const lists = answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  return { entries: entriesOf(owners, lists), silent };
}

function entriesOf<Owner, Entry>(
  owners: readonly Owner[],
  lists: readonly (readonly Entry[])[],
): Owned<Owner, Entry>[] {
  const entries: Owned<Owner, Entry>[] = [];
  for (const [at, owner] of owners.entries()) for (const entry of lists[at] ?? []) entries.push({ owner, entry });
  return entries;
}
