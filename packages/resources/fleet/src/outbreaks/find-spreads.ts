import type { Finding, Member, OccurrenceNow, OutbreakSettings, Windows } from './windows.ts';

const HOUR_MS = 3_600_000;
/** Share of the robots of a site or version that is an outbreak. */
const SHARE = 0.1;
/** Fewest robots of an outbreak, whatever is configured. */
const FEWEST = 3;
/** An outbreak continues while this many robots have its issue. */
const HOLDS = 2;

/**
 * Finds issues that spread: within an hour they began on enough robots, or on a tenth of the robots of a site or
 * version. Occurrences of an earlier outbreak do not count again, and neither do those whose time is uncertain by more
 * than the hour or in the future.
 */
export function findSpreads(
  { nowMs, occurrences, robots, known }: Windows,
  settings: OutbreakSettings,
): readonly Finding[] {
  const siteSizes = countBy(robots, ({ site }) => site);
  const versionSizes = countBy(robots, ({ version }) => version);
  const spreads = known.filter(({ kind }) => kind === 'issue_spreads');
  const open = new Set(spreads.flatMap(({ subject, endedMs }) => (endedMs === undefined ? [subject] : [])));
  const lastEnds = new Map<string, number>();
  for (const { subject, endedMs = 0 } of spreads) lastEnds.set(subject, Math.max(endedMs, lastEnds.get(subject) ?? 0));
  return [...Map.groupBy(occurrences, ({ issue }) => issue)].flatMap(([issue, all]): readonly Finding[] => {
    const sinceMs = Math.max(nowMs - HOUR_MS, (lastEnds.get(issue) ?? Number.NEGATIVE_INFINITY) + 1);
    const recent = all.filter(({ beganMs }) => beganMs >= sinceMs && beganMs <= nowMs);
    const fresh = recent.filter(isCertain);
    const active = all.filter(({ endedMs = nowMs }) => endedMs > nowMs - settings.calmMs);
    const count = robotsOf(fresh).size;
    const opens =
      count >= Math.max(FEWEST, settings.robots) ||
      (count >= FEWEST &&
        (reachesShare(fresh, ({ site }) => site, siteSizes) ||
          reachesShare(fresh, ({ version }) => version, versionSizes)));
    // An outbreak ends with its faults, although they began within the hour.
    if (open.has(issue) ? robotsOf(active).size < HOLDS : !opens) return [];
    const { code } = all.reduce((one, other) => (other.beganMs > one.beganMs ? other : one));
    return [
      {
        kind: 'issue_spreads',
        subject: issue,
        strength: opens ? 'opens' : 'holds',
        severity: Math.max(...all.map(({ severity }) => severity)),
        name: code,
        about: `${code} began on ${count} ${count === 1 ? 'robot' : 'robots'} within 60 min.`,
        members: membersOf([...new Set([...fresh, ...active])]),
        uncounted: recent.length - fresh.length,
      },
    ];
  });
}

const isCertain = ({ uncertainMs }: OccurrenceNow): boolean => uncertainMs !== undefined && uncertainMs <= HOUR_MS;

const robotsOf = (occurrences: readonly OccurrenceNow[]): ReadonlySet<string> =>
  new Set(occurrences.map(({ robot }) => robot));

/** Returns whether the robots are a tenth of those of one site or version, and at least three. */
function reachesShare(
  occurrences: readonly OccurrenceNow[],
  partOf: (occurrence: OccurrenceNow) => string | undefined,
  sizes: ReadonlyMap<string, number>,
): boolean {
  return [...Map.groupBy(occurrences, partOf)].some(([part, all]) => {
    const count = robotsOf(all).size;
    return part !== undefined && count >= FEWEST && count >= SHARE * (sizes.get(part) ?? Number.POSITIVE_INFINITY);
  });
}

/** Returns each robot once, with the beginning of its first occurrence and the end of its last one. */
function membersOf(occurrences: readonly OccurrenceNow[]): readonly Member[] {
  return [...Map.groupBy(occurrences, ({ robot }) => robot)].map(([robot, all]): Member => {
    const { site, version, code, entity, incident } = all[0]!;
    const ends = all.map(({ endedMs }) => endedMs);
    return {
      robot,
      beganMs: Math.min(...all.map(({ beganMs }) => beganMs)),
      ...(!ends.includes(undefined) && { endedMs: Math.max(...(ends as number[])) }),
      ...(site !== undefined && { site }),
      ...(version !== undefined && { version }),
      code,
      severity: Math.max(...all.map((each) => each.severity)),
      ...(entity !== undefined && { entity }),
      ...(incident !== undefined && { incident }),
    };
  });
}

function countBy<Item>(
  items: readonly Item[],
  partOf: (item: Item) => string | undefined,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) {
    const part = partOf(item);
    if (part !== undefined) counts.set(part, (counts.get(part) ?? 0) + 1);
  }
  return counts;
}
