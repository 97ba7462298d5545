import type { OutbreakKind } from '@medkit/contract';
import type { FleetView } from '../fleet-view.ts';
import { outbreakReport, robotCount } from './outbreak-report.ts';
import type { FleetOutbreak } from './outbreak-rows.ts';
import type { Surroundings } from './surroundings.ts';
import type { Member } from './windows.ts';

/** What an outbreak of several robots is about, from its robots in a view alone. The others are about one robot. */
const ABOUT: Readonly<Partial<Record<OutbreakKind, (name: string, robots: string) => string>>> = {
  issue_spreads: (name, robots) => `${name} began on ${robots}.`,
  version_worse: (name, robots) => `${robots} had errors on ${name} within 24 h.`,
  site_lost: (name, robots) => `${robots} of ${name} disconnected together.`,
  version_too_old: (name, robots) => `${robots} had medkit ${name}: update medkit on them.`,
};

/**
 * Returns an outbreak as a limited caller has it: its robots, times, severity and texts come from the robots in the view,
 * which are compared with the others of the view. Returns `undefined` if it concerns none of them.
 */
export function outbreakInView(
  outbreak: FleetOutbreak,
  view: FleetView,
  around: Surroundings,
): FleetOutbreak | undefined {
  const { kind, subject } = outbreak;
  const members = outbreak.members
    .filter(({ robot }) => view.robots.has(robot))
    .map((member) => atSiteOf(member, view));
  const about = ABOUT[kind];
  // A robot of the view may have been at a site that is not in it.
  const isHidden = kind === 'site_lost' && !view.sites.has(subject);
  if (members.length === 0 || isHidden) return undefined;
  const part = about ? { ...outbreak, ...partOf(outbreak, members, about) } : { ...outbreak, members };
  return { ...part, report: outbreakReport({ ...part, uncounted: 0 }, around) };
}

function partOf(outbreak: FleetOutbreak, members: readonly Member[], about: NonNullable<(typeof ABOUT)[OutbreakKind]>) {
  const ends = members.map(({ endedMs = outbreak.endedMs }) => endedMs);
  const last = members.reduce((one, other) => (other.beganMs > one.beganMs ? other : one));
  // An issue may have several codes.
  const name = (outbreak.kind === 'issue_spreads' && last.code) || outbreak.name;
  const robots = members.length;
  return {
    ...{ members, robots, name, about: about(name, robotCount(robots)) },
    beganMs: Math.min(...members.map(({ beganMs }) => beganMs)),
    endedMs: ends.includes(undefined) ? undefined : Math.max(...(ends as number[])),
    severity: Math.max(...members.map(({ severity = outbreak.severity }) => severity)),
  };
}

/** Returns a robot of an outbreak without a site that is not in the view. */
function atSiteOf({ site, ...member }: Member, { sites }: FleetView): Member {
  return { ...member, ...(site !== undefined && sites.has(site) && { site }) };
}
