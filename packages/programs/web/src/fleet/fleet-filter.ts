import type { FleetGroupSelector, FleetRobot } from '@medkit/contract';
import { isRobotConnected } from '@medkit/contract/robot-presence';

/** What the fleet page counts, and lists alone. */
export const FLEET_COUNTS = [
  'all',
  'online',
  'late',
  'offline',
  'expected_offline',
  'critical',
  'error',
  'pending',
  'quarantined',
] as const;
export type FleetCount = (typeof FLEET_COUNTS)[number];

const IS_IN: Readonly<Record<FleetCount, (robot: FleetRobot) => boolean>> = {
  all: () => true,
  online: isOnline,
  late: ({ state, presence }) => state === 'approved' && presence === 'late',
  offline: ({ state, presence }) => state === 'approved' && (presence === 'offline' || presence === 'never'),
  expected_offline: ({ state, presence }) => state === 'approved' && presence === 'expected_offline',
  critical: ({ state, faults }) => state === 'approved' && (faults?.critical ?? 0) > 0,
  error: ({ state, faults }) => state === 'approved' && (faults?.error ?? 0) > 0,
  pending: ({ state }) => state === 'pending',
  quarantined: ({ state }) => state === 'quarantined',
};

/** Returns whether an approved robot is connected; it may be late. */
export function isOnline({ state, presence }: FleetRobot): boolean {
  return state === 'approved' && isRobotConnected(presence);
}

/** Filters of the fleet page; an empty text matches every robot. */
export interface FleetFilter {
  readonly count: FleetCount;
  readonly site: string;
  readonly words: string;
}

/** Returns the robots that match a filter: words are parts of the name, a label, or a version. */
export function filterRobots(robots: readonly FleetRobot[], { count, site, words }: FleetFilter): FleetRobot[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return robots.filter((robot) => {
    if (!IS_IN[count](robot) || (site !== '' && robot.site !== site)) return false;
    const { id, labels, versions } = robot;
    const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
    const text = [id, ...pairs, versions?.software, versions?.medkit].join(' ').toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

/** Returns the number of robots of each count. */
export function countRobots(robots: readonly FleetRobot[]): Readonly<Record<FleetCount, number>> {
  const counted = FLEET_COUNTS.map((count) => [count, robots.filter(IS_IN[count]).length] as const);
  return Object.fromEntries(counted) as Record<FleetCount, number>;
}

/** Returns the severity of the most severe active fault, 0 to 3; `undefined` without one, or if none is known. */
export function worstSeverity({ faults }: FleetRobot): number | undefined {
  if (!faults) return undefined;
  const { critical, error, warning, info } = faults;
  const severity = [critical, error, warning, info].findIndex((count) => count > 0);
  return severity < 0 ? undefined : 3 - severity;
}

/** Parses labels, one `name=value` per line. Returns the first line that has no name or no `=` as a problem. */
export function parseLabels(
  text: string,
): { readonly labels: Readonly<Record<string, string>> } | { readonly problem: string } {
  const lines = text.split('\n').map((line) => line.trim());
  const pairs = lines.filter(Boolean).map((line) => ({ line, at: line.indexOf('=') }));
  const bad = pairs.find(({ at }) => at < 1);
  if (bad) return { problem: bad.line };
  const entries = pairs.map(({ line, at }) => [line.slice(0, at).trim(), line.slice(at + 1).trim()]);
  return { labels: Object.fromEntries(entries) };
}

/** A site with its robots; without a name for robots without a site. */
export interface FleetSite {
  readonly site: string | undefined;
  readonly robots: readonly FleetRobot[];
}

/** Groups robots by site, in the order of the names; robots without a site come last. */
export function sitesOf(robots: readonly FleetRobot[]): readonly FleetSite[] {
  const bySite = Map.groupBy(robots, ({ site }) => site ?? undefined);
  const sites = [...bySite].map(([site, ofSite]) => ({ site, robots: ofSite }));
  return sites.sort((a, b) => {
    if (a.site === undefined || b.site === undefined) return a.site === undefined ? 1 : -1;
    return a.site.localeCompare(b.site);
  });
}

/** What the dot of a robot shows: its faults while it is online, otherwise why they may be outdated. */
export type RobotDot =
  | 'online'
  | 'critical'
  | 'error'
  | Exclude<FleetRobot['presence'] | FleetRobot['state'], 'approved'>;

export function dotOf(robot: FleetRobot): RobotDot {
  const { state, presence } = robot;
  if (state !== 'approved') return state;
  const severity = worstSeverity(robot) ?? 0;
  if (!isRobotConnected(presence) || severity < 2) return presence;
  return severity === 3 ? 'critical' : 'error';
}

/**
 * Returns the selector of a saved view: that of a view that is narrowed, with the site and the words. Words with `=` are
 * labels, and one other word is a part of the name. Returns `undefined` for several other words, which no selector has.
 */
export function selectorOf(
  { site, words }: Omit<FleetFilter, 'count'>,
  narrowed: FleetGroupSelector = {},
): FleetGroupSelector | undefined {
  const each = words.split(/\s+/).filter(Boolean);
  const names = each.filter((word) => !word.includes('='));
  if (names.length > 1) return undefined;
  const labels = [...(narrowed.labels ?? []), ...each.filter((word) => word.includes('='))];
  const q = names[0] ?? narrowed.q;
  return {
    ...((site || narrowed.site) && { site: site || narrowed.site }),
    ...(labels.length > 0 && { labels }),
    ...(narrowed.version && { version: narrowed.version }),
    ...(q && { q }),
  };
}
