import type { FleetRobot } from '@medkit/contract';

/** Groups of robots that the fleet page counts, and lists alone. */
export const FLEET_GROUPS = ['all', 'online', 'offline', 'critical', 'error', 'pending', 'quarantined'] as const;
export type FleetGroup = (typeof FLEET_GROUPS)[number];

const IS_IN: Readonly<Record<FleetGroup, (robot: FleetRobot) => boolean>> = {
  all: () => true,
  online: ({ state, presence }) => state === 'approved' && presence === 'online',
  offline: ({ state, presence }) => state === 'approved' && presence !== 'online',
  critical: ({ state, faults }) => state === 'approved' && (faults?.critical ?? 0) > 0,
  error: ({ state, faults }) => state === 'approved' && (faults?.error ?? 0) > 0,
  pending: ({ state }) => state === 'pending',
  quarantined: ({ state }) => state === 'quarantined',
};

/** Filters of the fleet page; an empty text matches every robot. */
export interface FleetFilter {
  readonly group: FleetGroup;
  readonly site: string;
  readonly words: string;
}

/** Returns the robots that match a filter: words are parts of the name, a label, or a version. */
export function filterRobots(robots: readonly FleetRobot[], { group, site, words }: FleetFilter): FleetRobot[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return robots.filter((robot) => {
    if (!IS_IN[group](robot) || (site !== '' && robot.site !== site)) return false;
    const { id, labels, versions } = robot;
    const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
    const text = [id, ...pairs, versions?.software, versions?.medkit].join(' ').toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

/** Returns the number of robots in each group. */
export function countGroups(robots: readonly FleetRobot[]): Readonly<Record<FleetGroup, number>> {
  const counted = FLEET_GROUPS.map((group) => [group, robots.filter(IS_IN[group]).length] as const);
  return Object.fromEntries(counted) as Record<FleetGroup, number>;
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
