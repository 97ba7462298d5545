import {
  MAX_OUTBREAK_PARTS,
  MAX_OUTBREAK_ROBOTS,
  type OutbreakDetail,
  type OutbreakKind,
  type OutbreakShare,
  type OutbreakSummary,
} from '@medkit/contract';
import { isoTime } from '../fleet-context.ts';
import type { OutbreakNow } from './judge.ts';
import { countBy, type RobotPlace, type Surroundings } from './surroundings.ts';
import { DAY_MS, type Member } from './windows.ts';

/** An outbreak as an incident shows it. */
export interface OutbreakReport {
  readonly title: string;
  readonly summary: OutbreakSummary;
  readonly detail: OutbreakDetail;
}

/** `1 robot`, `2 robots`. */
export const robotCount = (robots: number): string => (robots === 1 ? '1 robot' : `${robots} robots`);

const TITLES: Readonly<Record<OutbreakKind, (name: string, robots: number) => string>> = {
  issue_spreads: (name, robots) => `${name} on ${robotCount(robots)}`,
  version_worse: (name) => `Version ${name} has more faults than the others`,
  site_lost: (name, robots) => `Site ${name} is lost: ${robotCount(robots)} disconnected together`,
  robot_lost: (name) => `Robot ${name} is lost`,
  cloned: (name) => `Two machines use the key of ${name}`,
  log_gap: (name) => `Records of ${name} are missing`,
  clock_off: (name) => `The clock of ${name} is wrong`,
  robot_flaps: (name) => `Robot ${name} connects again and again`,
  budget_spent: (name) => `The data budget of ${name} is used up`,
  audit_rewritten: (name) => `The audit log of ${name} was changed`,
  version_too_old: (name, robots) => `medkit ${name} is too old: ${robotCount(robots)}`,
};

/** Compares the robots of an outbreak with the others of the fleet, or of a view. */
export function outbreakReport(outbreak: OutbreakNow, around: Surroundings): OutbreakReport {
  const { kind, subject, name, members, robots: count, uncounted } = outbreak;
  const affected = members.flatMap(({ robot }) => around.robots.get(robot) ?? []);
  const versions = sharesOf('version', members, affected, around);
  const listed = members.slice(0, MAX_OUTBREAK_ROBOTS);
  const change = changeBefore(outbreak);
  const campaign = campaignBefore(outbreak);
  const others = around.robots.size - affected.length;
  const shared = count > 1 ? versionSentence(versions, members.length, others) : undefined;
  const groups = new Set(members.flatMap(({ robot }) => around.groupsOf.get(robot) ?? []));
  return {
    title: TITLES[kind](name, count),
    summary: {
      ...{ kind, subject, robots: count, sites: namesOf(members.map(({ site }) => site)) },
      about: [outbreak.about, shared, campaign && campaignSentence(campaign, members.length)]
        .filter((sentence) => sentence !== undefined)
        .join(' '),
      groups: around.groups.filter((group) => groups.has(group)).slice(0, MAX_OUTBREAK_PARTS),
    },
    detail: {
      members: listed.map(robotOf),
      ...(count > listed.length && { members_omitted: count - listed.length }),
      by_version: [...versions],
      by_site: [...sharesOf('site', members, affected, around)],
      ...(change && { change }),
      ...(campaign && { campaign }),
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

/**
 * Counts robots by version or site: those of the outbreak at that time, and the others now. The most affected one is first.
 * `affected` are the robots of the outbreak as they are now.
 */
function sharesOf(
  part: 'site' | 'version',
  members: readonly Member[],
  affected: readonly RobotPlace[],
  around: Surroundings,
): readonly OutbreakShare[] {
  const [before, now, all] = [countBy(members, part), countBy(affected, part), around.counts[part]];
  return [...new Set([...before.keys(), ...all.keys()])]
    .map((name) => ({
      name,
      affected: before.get(name) ?? 0,
      others: (all.get(name) ?? 0) - (now.get(name) ?? 0),
    }))
    .filter((share) => share.affected + share.others > 0)
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

/** `3 of 3 were changed by the campaign slower within 24 h before.` */
const campaignSentence = ({ id, robots }: NonNullable<OutbreakDetail['campaign']>, members: number): string =>
  `${robots} of ${members} were changed by the campaign ${id} within 24 h before.`;

/** Returns the version to which most robots of an outbreak changed within a day before it. */
function changeBefore({ members, beganMs }: OutbreakNow): OutbreakDetail['change'] {
  const changes = members.flatMap(({ version, changedMs: atMs }) =>
    version !== undefined && atMs !== undefined && atMs >= beganMs - DAY_MS ? [{ version, atMs }] : [],
  );
  const [version, span] = mostFrequent(changes, 'version') ?? [];
  return version === undefined || !span ? undefined : { version, ...span };
}

/** Returns the campaign that changed most robots of an outbreak within a day before it, each before its part in it. */
function campaignBefore({ members, beganMs }: OutbreakNow): OutbreakDetail['campaign'] {
  const changes = members.flatMap(({ campaigns = [] }) => campaigns.filter(({ atMs }) => atMs >= beganMs - DAY_MS));
  const [id, span] = mostFrequent(changes, 'campaign') ?? [];
  return id === undefined || !span ? undefined : { id, ...span };
}

/** Returns what most changes have in common, with their number and times. */
function mostFrequent<Key extends string>(
  changes: readonly (Readonly<Record<Key, string>> & { readonly atMs: number })[],
  key: Key,
): readonly [name: string, span: { first: string; last: string; robots: number }] | undefined {
  const [most] = [...Map.groupBy(changes, (change) => change[key])].sort(
    (one, other) => other[1].length - one[1].length,
  );
  if (!most) return undefined;
  const times = most[1].map(({ atMs }) => atMs);
  return [most[0], { first: isoTime(Math.min(...times)), last: isoTime(Math.max(...times)), robots: most[1].length }];
}
