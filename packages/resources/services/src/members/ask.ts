import { type Awaitable, type CallContext, isPromise, LOCAL, type Origin, waitedForBy } from '@medkit/core';
import type { Clock } from '@medkit/edges';

/** How much of the time of a call those may use who are asked for something on the way to its answer. */
export interface Budget {
  /** Milliseconds for each owner at another gateway, where there are more owners: an answer without it is worth more than a late one. */
  readonly remoteMs: number;
  /** The part, up to 1, of the time that is left. */
  readonly share: number;
}

/** For a list. */
export const LIST: Budget = { remoteMs: 1000, share: 1 };
/** For changing what several have: who is done is not told as missing sooner than that, and nobody mute keeps all of the time. */
export const CHANGE: Budget = { remoteMs: 3000, share: 0.5 };
/** For finding an item: a member that does not answer must leave half of the time for the one that has it. */
export const FIND: Budget = { remoteMs: 1000, share: 0.5 };

export interface Question<Owner> {
  readonly owners: readonly Owner[];
  readonly clock: Clock;
  readonly call: CallContext;
  readonly budget: Budget;
}

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

/**
 * Asks all owners at once, each within the budget; one that fails, or is late, is named and harms no other. There at once where
 * all of them answer at once.
 */
export function ask<Owner extends { readonly origin: Origin }, Entry>(
  question: Question<Owner>,
  list: (owner: Owner, call: CallContext) => Awaitable<readonly Entry[]>,
): Awaitable<Gathered<Owner, Entry>> {
  const { owners } = question;
  const callOf = callsWithin(question);
  const answers = owners.map((owner) => list(owner, callOf(owner)));
  return answers.some(isPromise)
    ? settled(owners, answers)
    : { entries: entriesOf(owners, answers as (readonly Entry[])[]), silent: [] };
}

/** The call with which each owner is asked, so that it keeps to its part of the time. */
export function callsWithin<Owner extends { readonly origin: Origin }>({
  owners,
  clock,
  call,
  budget,
}: Question<Owner>): (owner: Owner) => CallContext {
  const isRemote = ({ origin }: Owner): boolean => origin !== LOCAL;
  const near = budget.share < 1 ? until(call, deadlineMs(clock, call, budget)) : call;
  if (owners.length < 2 || !owners.some(isRemote)) return () => near;
  const far = until(call, Math.min(near.deadlineMs, clock.monotonicMs() + budget.remoteMs));
  return (owner) => (isRemote(owner) ? far : near);
}

/** Monotonic milliseconds until which the share of a budget lasts. */
export function deadlineMs(clock: Clock, call: CallContext, { share }: Pick<Budget, 'share'>): number {
  const nowMs = clock.monotonicMs();
  return nowMs + (call.deadlineMs - nowMs) * share;
}

function until(call: CallContext, deadlineMs: number): CallContext {
  const { clientId, principal, source, via, trace } = call;
  return waitedForBy(call, { deadlineMs, clientId, principal, source, via, trace });
}

/** The first owner where none of all told anything, which is an error and no empty list; `undefined` otherwise. */
export function nobodyTold<Owner>(
  { silent }: Pick<Gathered<Owner, unknown>, 'silent'>,
  owners: readonly Owner[],
): SilentOwner<Owner> | undefined {
  return silent.length === owners.length ? silent[0] : undefined;
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
  return { entries: entriesOf(owners, told), silent };
}

function entriesOf<Owner, Entry>(owners: readonly Owner[], told: readonly (readonly Entry[])[]): Owned<Owner, Entry>[] {
  const entries: Owned<Owner, Entry>[] = [];
  for (const [at, owner] of owners.entries()) for (const entry of told[at] ?? []) entries.push({ owner, entry });
  return entries;
}
