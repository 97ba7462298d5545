import {
  MAX_OUTBREAK_PARTS,
  type OutbreakDetail,
  type OutbreakKind,
  type OutbreakShare,
  type OutbreakSummary,
} from '@medkit/contract';
import type { CampaignChange } from '../campaigns/recent-changes.ts';
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
  readonly campaigns: readonly CampaignChange[];
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
export function outbreakReport(
  outbreak: OutbreakNow,
  { robots, groups, changes, campaigns }: Surroundings,
): OutbreakReport {
  const { kind, subject, name, members, robots: count, uncounted } = outbreak;
  const affected = new Set(members.map(({ robot }) => robot));
  const others = robots.filter((robot) => !affected.has(robot.name));
  const versions = sharesOf(members, others, 'version');
  const change = changeBefore(outbreak, changes);
  const campaign = campaignBefore(outbreak, campaigns);
  const shared = count > 1 ? versionSentence(versions, members.length, others.length) : undefined;
  return {
    title: TITLES[kind](name, count),
    summary: {
      ...{ kind, subject, robots: count, sites: namesOf(members.map(({ site }) => site)) },
      about: [outbreak.about, shared, campaign && campaignSentence(campaign, members.length)]
        .filter((sentence) => sentence !== undefined)
        .join(' '),
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

/** `3 of 3 were changed by the campaign slower within 24 h before.` */
const campaignSentence = ({ id, robots }: NonNullable<OutbreakDetail['campaign']>, members: number): string =>
  `${robots} of ${members} were changed by the campaign ${id} within 24 h before.`;

/** Returns the version to which most robots of an outbreak changed within a day before it. */
function changeBefore({ members, beganMs }: OutbreakNow, changes: readonly VersionChange[]): OutbreakDetail['change'] {
  const versions = new Map(members.map(({ robot, version }) => [robot, version]));
  const fitting = changes.filter(
    ({ robot, version, atMs }) => versions.has(robot) && versions.get(robot) === version && atMs >= beganMs - DAY_MS,
  );
  const [version, span] = mostFrequent(fitting, 'version') ?? [];
  return version === undefined || !span ? undefined : { version, ...span };
}

/** Returns the campaign that changed most robots of an outbreak within a day before it, each before its part in it. */
function campaignBefore(
  { members, beganMs }: OutbreakNow,
  changes: readonly CampaignChange[],
): OutbreakDetail['campaign'] {
  const begins = new Map(members.map((member) => [member.robot, member.beganMs]));
  const fitting = changes.filter(
    ({ robot, atMs }) => atMs >= beganMs - DAY_MS && atMs <= (begins.get(robot) ?? Number.NEGATIVE_INFINITY),
  );
  const [id, span] = mostFrequent(fitting, 'campaign') ?? [];
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
