import { NO_ANSWER, type Step, type Taken } from './race-steps.ts';

/** A period in which a client certainly held a lock: from the reply until the earliest possible end. */
export interface Hold {
  readonly client: string;
  readonly entity: string;
  readonly lock: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly endsBy: 'release' | 'break' | 'time';
}

const EXPECTED: Readonly<Record<Step['kind'], readonly number[]>> = {
  lock: [201, 409, NO_ANSWER],
  extend: [204, 404, NO_ANSWER],
  release: [204, 404, NO_ANSWER],
  write: [200, 409, NO_ANSWER],
};

/**
 * How long after a client stopped waiting for its answer a lock may still be granted: it waits for changes of others,
 * nine seconds at most.
 */
const LINGER_MS = 15_000;

type LockStep = Extract<Step, { kind: 'lock' }>;

/**
 * Returns the periods in which a client certainly held a lock, in order. All entities of a race contain the written
 * value.
 */
export function holdsOf(steps: readonly Step[]): readonly Hold[] {
  const releases = new Map(steps.flatMap((step) => (step.kind === 'release' ? [[step.lock, step.sentMs]] : [])));
  const endOf = endings(steps);
  const unanswered = unansweredBreaks(steps);
  const granted = steps
    .flatMap((step) => (step.kind === 'lock' && step.status === 201 ? [step] : []))
    .sort((a, b) => b.lock - a.lock);
  /** For each entity, the time at which the next lock that replaces the current one was requested. */
  const nextBreaks = new Map<string, number>();
  const holds = granted.map((step): Hold => {
    const { client, entity, lock, breaks, sentMs, gotMs } = step;
    const perhaps = unanswered.filter((other) => other.entity === entity && mayBreak(other, gotMs));
    const ends = [
      { endsBy: 'release', toMs: releases.get(lock) ?? Number.POSITIVE_INFINITY },
      { endsBy: 'break', toMs: nextBreaks.get(entity) ?? Number.POSITIVE_INFINITY },
      { endsBy: 'break', toMs: Math.min(...perhaps.map((other) => other.sentMs)) },
      { endsBy: 'time', toMs: endOf(step) },
    ] as const;
    if (breaks) nextBreaks.set(entity, sentMs);
    const [first] = ends.toSorted((a, b) => a.toMs - b.toMs) as [(typeof ends)[number]];
    return { client, entity, lock, fromMs: gotMs, ...first };
  });
  return holds.filter(({ fromMs, toMs }) => fromMs < toMs).sort((a, b) => a.fromMs - b.fromMs);
}

/**
 * Returns whether a break without an answer may have removed a lock granted then: it may take effect at any time after
 * its request.
 */
const mayBreak = (step: LockStep, grantedMs: number): boolean => step.gotMs + LINGER_MS > grantedMs;

const unansweredBreaks = (steps: readonly Step[]): readonly LockStep[] =>
  steps.flatMap((step) => (step.kind === 'lock' && step.breaks && step.status === NO_ANSWER ? [step] : []));

/** Returns the earliest expiry of a lock, extensions included. */
function endings(steps: readonly Step[]): (lockStep: LockStep) => number {
  const extensions = steps.flatMap((step) => (step.kind === 'extend' ? [step] : []));
  const byLock = Map.groupBy(extensions, ({ lock }) => lock);
  return (lockStep) => {
    let endMs = lockStep.sentMs + lockStep.seconds * 1000;
    for (const { sentMs, seconds, status } of byLock.get(lockStep.lock) ?? []) {
      const laterMs = sentMs + seconds * 1000;
      if (status === 204) endMs = laterMs;
      else if (status === NO_ANSWER) endMs = Math.min(endMs, laterMs);
    }
    return endMs;
  };
}

/** Returns the violated guarantees of locks in a race, a sentence each. */
export function validateRace(steps: readonly Step[], taken: readonly Taken[]): readonly string[] {
  const holds = holdsOf(steps);
  return [
    ...unexpected(steps),
    ...sharedLocks(steps, holds),
    ...lostLocks(steps),
    ...wrongWrites(steps, taken),
    ...intrusions(steps, taken, holds),
  ];
}

function unexpected(steps: readonly Step[]): readonly string[] {
  return steps.flatMap(({ kind, client, status }) =>
    EXPECTED[kind].includes(status) ? [] : [`a ${kind} of ${client} was answered ${status}`],
  );
}

/** Returns locks that two clients held at the same time, and lock numbers assigned twice. */
function sharedLocks(steps: readonly Step[], holds: readonly Hold[]): readonly string[] {
  const numbers = steps.flatMap((step) => (step.kind === 'lock' && step.status === 201 ? [step.lock] : []));
  const twice = numbers.length - new Set(numbers).size;
  /** The last lock of each client: sorted by start, a later one can only overlap with the longest of those before. */
  const longest = new Map<string, Hold>();
  const shared = holds.flatMap((hold) => {
    const others = [...longest.values()].filter(({ client, toMs }) => client !== hold.client && toMs > hold.fromMs);
    const before = longest.get(hold.client);
    if (!before || before.toMs < hold.toMs) longest.set(hold.client, hold);
    return others.map(
      (other) => `lock ${hold.lock} of ${hold.client} was given while ${other.client} had ${other.lock}`,
    );
  });
  return [...(twice > 0 ? [`${twice} locks have the number of another`] : []), ...shared];
}

/** Returns locks that no longer existed when released or extended, although they were neither broken nor expired. */
function lostLocks(steps: readonly Step[]): readonly string[] {
  const granted = new Map(steps.flatMap((step) => (step.kind === 'lock' && step.lock > 0 ? [[step.lock, step]] : [])));
  const breaks = [...granted.values()].filter((step) => step.breaks);
  const unanswered = unansweredBreaks(steps);
  const endOf = endings(steps);
  return steps.flatMap((step) => {
    if ((step.kind !== 'release' && step.kind !== 'extend') || step.status !== 404) return [];
    const lost = granted.get(step.lock);
    if (lost === undefined) return [`${step.client} had ${step.lock}, which nobody was given`];
    const isOver = endOf(lost) < step.gotMs;
    const isBroken = breaks.some(
      ({ entity, lock, sentMs }) => entity === lost.entity && lock > lost.lock && sentMs < step.gotMs,
    );
    const isPerhapsBroken = unanswered.some(
      (other) => other.entity === lost.entity && other.sentMs < step.gotMs && mayBreak(other, lost.gotMs),
    );
    return isOver || isBroken || isPerhapsBroken ? [] : [`lock ${step.lock} of ${step.client} was lost`];
  });
}

/** Returns writes whose answer contradicts the node's record. */
function wrongWrites(steps: readonly Step[], taken: readonly Taken[]): readonly string[] {
  const times = new Map<number, readonly number[]>();
  for (const { value, atMs } of taken) times.set(value, [...(times.get(value) ?? []), atMs]);
  return steps.flatMap((step) => {
    if (step.kind !== 'write') return [];
    const [atMs, ...more] = times.get(step.value) ?? [];
    const reached = atMs !== undefined;
    if (more.length > 0) return [`${step.value} of ${step.client} reached the node ${more.length + 1} times`];
    if (step.status === NO_ANSWER) return [];
    if (reached !== (step.status === 200))
      return [
        `${step.value} of ${step.client} was answered ${step.status}, and the node ${reached ? 'took it' : 'has it not'}`,
      ];
    if (reached && (atMs < step.sentMs || atMs > step.gotMs))
      return [`${step.value} reached the node after its answer`];
    return [];
  });
}

/** Returns values that reached the node while another client held the lock, and rejected writes of lock holders. */
function intrusions(steps: readonly Step[], taken: readonly Taken[], holds: readonly Hold[]): readonly string[] {
  const writes = new Map(steps.flatMap((step) => (step.kind === 'write' ? [[step.value, step] as const] : [])));
  const intruders = taken.flatMap(({ value, atMs }) => {
    const writer = writes.get(value)?.client;
    if (writer === undefined) return [`nobody wrote ${value}`];
    const hold = holds.find(({ client, fromMs, toMs }) => client !== writer && fromMs < atMs && atMs < toMs);
    return hold ? [`${value} of ${writer} reached the node while ${hold.client} had lock ${hold.lock}`] : [];
  });
  const blocked = [...writes.values()].flatMap(({ client, value, sentMs, gotMs, status }) => {
    if (status !== 409) return [];
    const held = holds.find((hold) => hold.client === client && hold.fromMs < sentMs && gotMs < hold.toMs);
    return held ? [`${client} had lock ${held.lock} and was kept from writing ${value}`] : [];
  });
  return [...intruders, ...blocked];
}
