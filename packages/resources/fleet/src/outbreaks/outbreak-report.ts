import {
  MAX_OUTBREAK_PARTS,
  type OutbreakDetail,
  type OutbreakKind,
  type OutbreakShare,
  type OutbreakSummary,
} from '@medkit/contract';
import { isoTime } from '../fleet-context.ts';
import type { VersionChange } from '../robots/version-changes.ts';
import type { OutbreakNow } from './judge.ts';
import { DAY_MS, type Member, type RobotNow } from './windows.ts';

/** The fleet around an outbreak. */
export interface Surroundings {
  readonly robots: readonly RobotNow[];
  /** Names of the robots of each group. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly changes: readonly VersionChange[];
}

/** An outbreak as an incident shows it. */
export interface OutbreakReport {
  readonly title: string;
  readonly summary: OutbreakSummary;
  readonly detail: OutbreakDetail;
}

const TITLES: Readonly<Record<OutbreakKind, (name: string, robots: number) => string>> = {
  issue_spreads: (name, robots) => `${name} on ${robots} robots`,
  version_worse: (name) => `Version ${name} has more faults than the others`,
  site_lost: (name, robots) => `Site ${name} is lost: ${robots} robots disconnected together`,
  robot_lost: (name) => `Robot ${name} is lost`,
  cloned: (name) => `Two machines use the key of ${name}`,
  log_gap: (name) => `Records of ${name} are missing`,
  clock_off: (name) => `The clock of ${name} is wrong`,
  robot_flaps: (name) => `Robot ${name} connects again and again`,
  budget_spent: (name) => `The data budget of ${name} is used up`,
  audit_rewritten: (name) => `The audit log of ${name} was changed`,
  version_too_old: (name, robots) => `medkit ${name} is too old: ${robots === 1 ? '1 robot' : `${robots} robots`}`,
};

/** Compares the robots of an outbreak with the others of the fleet. */
export function outbreakReport(outbreak: OutbreakNow, { robots, groups, changes }: Surroundings): OutbreakReport {
  const { kind, subject, name, members, robots: count, uncounted } = outbreak;
  const affected = new Set(members.map(({ robot }) => robot));
  const others = robots.filter((robot) => !affected.has(robot.name));
  const versions = sharesOf(members, others, 'version');
  const change = changeBefore(outbreak, changes);
  const shared = count > 1 ? versionSentence(versions, members.length, others.length) : undefined;
  return {
    title: TITLES[kind](name, count),
    summary: {
      ...{ kind, subject, robots: count, sites: namesOf(members.map(({ site }) => site)) },
      about: shared === undefined ? outbreak.about : `${outbreak.about} ${shared}`,
      groups: [...groups]
        .flatMap(([group, names]) => (names.some((each) => affected.has(each)) ? [group] : []))
        .slice(0, MAX_OUTBREAK_PARTS),
    },
    detail: {
      members: members.map(robotOf),
      ...(count > members.length && { members_omitted: count - members.length }),
      by_version: [...versions],
      by_site: [...sharesOf(members, others, 'site')],
      ...(change && { change }),
      ...(uncounted > 0 && { uncounted }),
    },
  };
}

function robotOf({ robot, site, version, beganMs, endedMs, code, entity, incident }: Member) {
  return {
    robot,
    ...(site !== undefined && { site }),
    ...(version !== undefined && { version }),
    began: isoTime(beganMs),
    ...(endedMs !== undefined && { ended: isoTime(endedMs) }),
    ...(code !== undefined && { fault_code: code }),
    ...(entity !== undefined && { entity_id: entity }),
    ...(incident !== undefined && { incident_id: incident }),
  };
}

const namesOf = (names: readonly (string | undefined)[]): string[] =>
  [...new Set(names.filter((name) => name !== undefined))].sort().slice(0, MAX_OUTBREAK_PARTS);

/** Counts robots by version or site: those of the outbreak, and the others. The most affected one is first. */
function sharesOf(
  members: readonly Member[],
  others: readonly RobotNow[],
  part: 'site' | 'version',
): readonly OutbreakShare[] {
  const counts = new Map<string, { affected: number; others: number }>();
  const add = (name: string | undefined, side: 'affected' | 'others'): void => {
    if (name === undefined) return;
    const count = counts.get(name) ?? { affected: 0, others: 0 };
    counts.set(name, { ...count, [side]: count[side] + 1 });
  };
  for (const member of members) add(member[part], 'affected');
  for (const robot of others) add(robot[part], 'others');
  return [...counts]
    .map(([name, count]) => ({ name, ...count }))
    .sort(
      (one, other) => other.affected - one.affected || other.others - one.others || (one.name < other.name ? -1 : 1),
    )
    .slice(0, MAX_OUTBREAK_PARTS);
}

/** `7 of 7 have 2.1.0, 0 of 53 others.` */
function versionSentence([first]: readonly OutbreakShare[], members: number, others: number): string | undefined {
  if (!first || first.affected === 0) return undefined;
  return `${first.affected} of ${members} have ${first.name}, ${first.others} of ${others} others.`;
}

/** Returns the version to which most robots of an outbreak changed within a day before it. */
function changeBefore({ members, beganMs }: OutbreakNow, changes: readonly VersionChange[]): OutbreakDetail['change'] {
  const versions = new Map(members.map(({ robot, version }) => [robot, version]));
  const fitting = changes.filter(
    ({ robot, version, atMs }) => versions.has(robot) && versions.get(robot) === version && atMs >= beganMs - DAY_MS,
  );
  const [most] = [...Map.groupBy(fitting, ({ version }) => version)].sort(
    (one, other) => other[1].length - one[1].length,
  );
  if (!most) return undefined;
  const [version, all] = most;
  const times = all.map(({ atMs }) => atMs);
  return { version, first: isoTime(Math.min(...times)), last: isoTime(Math.max(...times)), robots: all.length };
}
