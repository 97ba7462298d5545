import type { CampaignChange } from '../campaigns/recent-changes.ts';
import type { VersionChange } from '../robots/version-changes.ts';
import type { OutbreakNow } from './judge.ts';
import { DAY_MS, type Member, type RobotNow } from './windows.ts';

/** A robot with which an outbreak is compared. */
export type RobotPlace = Pick<RobotNow, 'name' | 'site' | 'version'>;

/** The robots with which outbreaks are compared: those of the fleet, or of a view. */
export interface Surroundings {
  readonly robots: ReadonlyMap<string, RobotPlace>;
  /** Numbers of these robots. */
  readonly counts: Readonly<Record<'site' | 'version', ReadonlyMap<string, number>>>;
  /** Names of the groups, in the order in which they are listed, and those of each robot. */
  readonly groups: readonly string[];
  readonly groupsOf: ReadonlyMap<string, readonly string[]>;
}

/** Returns the surroundings of outbreaks from all robots, and the names of the robots of each group. */
export function surroundingsOf(
  robots: readonly RobotPlace[],
  groups: ReadonlyMap<string, readonly string[]>,
): Surroundings {
  const groupsOf = new Map<string, string[]>();
  for (const [group, names] of groups)
    for (const name of names) groupsOf.set(name, [...(groupsOf.get(name) ?? []), group]);
  return {
    robots: new Map(robots.map((robot) => [robot.name, robot])),
    counts: { site: countBy(robots, 'site'), version: countBy(robots, 'version') },
    groups: [...groups.keys()],
    groupsOf,
  };
}

/** Counts robots by version or site, without those that have none. */
export function countBy(
  robots: readonly Pick<Member, 'site' | 'version'>[] | readonly RobotPlace[],
  part: 'site' | 'version',
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { [part]: name } of robots) if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** What changed robots before an outbreak. */
export interface Changes {
  readonly versions: readonly VersionChange[];
  readonly campaigns: readonly CampaignChange[];
}

/**
 * Adds to each robot of an outbreak what changed it within a day before the outbreak: its version, and campaigns before
 * its part in it.
 */
export function withChanges<Now extends OutbreakNow>(outbreak: Now, { versions, campaigns }: Changes): Now {
  const sinceMs = outbreak.beganMs - DAY_MS;
  const versionOf = new Map(versions.map((change) => [change.robot, change]));
  const campaignsOf = Map.groupBy(campaigns, ({ robot }) => robot);
  const changed = (member: Member): Member => {
    const version = versionOf.get(member.robot);
    const isChange = version !== undefined && version.version === member.version && version.atMs >= sinceMs;
    const before = (campaignsOf.get(member.robot) ?? []).filter(
      ({ atMs }) => atMs >= sinceMs && atMs <= member.beganMs,
    );
    return {
      ...member,
      ...(isChange && { changedMs: version.atMs }),
      ...(before.length > 0 && { campaigns: before.map(({ campaign, atMs }) => ({ campaign, atMs })) }),
    };
  };
  return { ...outbreak, members: outbreak.members.map(changed) };
}
