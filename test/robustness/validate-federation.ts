import {
  type FaultChange,
  type FaultList,
  type FederatedHistory,
  type Follower,
  GATEWAYS,
  type GatewayName,
  visibleFrom,
} from './federated-history.ts';
import { validateRace } from './validate-race.ts';

/** Returns the violated guarantees of gateways that aggregate each other in a storm, a sentence each. */
export function validateFederation(history: FederatedHistory): readonly string[] {
  const { shape, steps, taken, changes, lists, followers, oddities } = history;
  const changesOf = Map.groupBy(changes, keyOf);
  return [
    ...oddities,
    ...GATEWAYS.flatMap((name) =>
      validateRace(steps.get(name) ?? [], taken.get(name) ?? []).map((problem) => `${name}: ${problem}`),
    ),
    ...lists.flatMap((list) =>
      listProblems(list, changesOf, [...visibleFrom(list.at, shape).keys()]).map(
        (problem) => `a list of ${list.at}: ${problem}`,
      ),
    ),
    ...followers.flatMap((follower) =>
      streamProblems(follower, history).map((problem) => `${follower.name} at ${follower.at}: ${problem}`),
    ),
  ];
}

const keyOf = ({ gateway, code }: Pick<FaultChange, 'gateway' | 'code'>): string => `${gateway} ${code}`;

/**
 * Checks that every acknowledged fault is in a list exactly once and with its last state, unless the list reports that
 * its gateway did not answer.
 */
function listProblems(
  list: FaultList,
  changesOf: ReadonlyMap<string, readonly FaultChange[]>,
  visible: readonly GatewayName[],
): readonly string[] {
  const { items, missing } = list;
  const found = Map.groupBy(items, keyOf);
  const doubled = [...found].flatMap(([key, same]) => (isOnce(same) ? [] : [`${key} is there ${same.length} times`]));
  const copied = items.flatMap((item) =>
    item.copyOf !== undefined && !missing.includes(item.gateway)
      ? [`${keyOf(item)} is a copy, and ${item.gateway} is not named`]
      : [],
  );
  const unknown = [...found.keys()].flatMap((key) => (changesOf.has(key) ? [] : [`nobody reported ${key}`]));
  const answering = visible.filter((gateway) => !missing.includes(gateway));
  const wrong = [...changesOf].flatMap(([key, changes]) => {
    if (!answering.some((gateway) => gateway === changes[0]?.gateway)) return [];
    const possible = possibleStates(changes, list);
    const state = found.get(key)?.[0]?.state;
    return possible.includes(state) ? [] : [`${key} is ${state ?? 'not there'} and not ${possible.join(' or ')}`];
  });
  return [...doubled, ...copied, ...unknown, ...wrong];
}

/**
 * Returns whether a fault is listed once. If its gateway does not answer, each gateway that copied it contributes one
 * copy.
 */
function isOnce(same: FaultList['items']): boolean {
  return new Set(same.map(({ copyOf }) => copyOf)).size === same.length;
}

/** Returns the states that a fault may have had while the list was requested; `undefined` if it need not be listed. */
function possibleStates(
  changes: readonly FaultChange[],
  { sentMs, gotMs }: Pick<FaultList, 'sentMs' | 'gotMs'>,
): readonly (string | undefined)[] {
  const last = changes.findLastIndex((change) => change.isDone && change.gotMs < sentMs);
  const later = changes.slice(last + 1).filter((change) => change.sentMs < gotMs);
  return [changes[last]?.leaves, ...later.map(({ leaves }) => leaves)];
}

/** Checks that every event of every gateway arrives once, in the order and with the content of its log. */
function streamProblems({ at, received, losses }: Follower, { logs, shape }: FederatedHistory): readonly string[] {
  const problems = [...visibleFrom(at, shape).keys()].flatMap((gateway) => {
    const log = new Map(logs.get(gateway)?.map(({ id, text }) => [id, text]));
    const gaps = [...log.keys()].flatMap((id, index) =>
      id === index + 1 ? [] : [`the log of ${gateway} has ${id} in the place of ${index + 1}`],
    );
    const events = received.filter((event) => event.gateway === gateway);
    const times = Map.groupBy(events, ({ id }) => id);
    const twice = [...times].flatMap(([id, same]) =>
      same.length > 1 ? [`event ${id} of ${gateway} came ${same.length} times`] : [],
    );
    const missed = [...log.keys()].flatMap((id) => (times.has(id) ? [] : [`event ${id} of ${gateway} is missing`]));
    const disordered = events.flatMap(({ id }, index) =>
      id < (events[index - 1]?.id ?? 0) ? [`event ${id} of ${gateway} came after ${events[index - 1]?.id}`] : [],
    );
    const other = events.flatMap(({ id, text }) =>
      log.get(id) === text ? [] : [`event ${id} of ${gateway} was told as "${text}" and is "${log.get(id)}"`],
    );
    return [...gaps.slice(0, 1), ...twice, ...missed, ...disordered, ...other];
  });
  return [...problems, ...losses.map((loss) => `it said "${loss}"`)];
}
