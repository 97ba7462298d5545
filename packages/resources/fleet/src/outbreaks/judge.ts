import { findFlaps } from './find-flaps.ts';
import { findLosses } from './find-losses.ts';
import { findOldVersions } from './find-old-versions.ts';
import { findProblems } from './find-problems.ts';
import { findSpreads } from './find-spreads.ts';
import { findWorseVersions } from './find-worse-versions.ts';
import {
  type Finding,
  MAX_OUTBREAK_MEMBERS,
  type Member,
  type OutbreakSettings,
  type StoredOutbreak,
  type Windows,
} from './windows.ts';

/** Open outbreaks of a hub: a fleet in which everything fails reports the most severe ones. */
export const MAX_OPEN_OUTBREAKS = 500;

/** An outbreak without a number, as it is now. */
export type OutbreakNow = Omit<StoredOutbreak, 'id'> & Pick<Finding, 'uncounted'>;

export interface Judgement {
  readonly openings: readonly OutbreakNow[];
  readonly changes: readonly (OutbreakNow & Pick<StoredOutbreak, 'id'>)[];
  readonly ends: readonly StoredOutbreak[];
  /** Findings that were left out because of `MAX_OPEN_OUTBREAKS`. */
  readonly omitted: number;
}

/**
 * Compares the fleet with the open outbreaks. Its result depends on the windows alone: it neither remembers a call nor
 * reads a clock, so that a hub that was restarted comes to the same result.
 */
export function judge(windows: Windows, settings: OutbreakSettings): Judgement {
  const { nowMs, known } = windows;
  const findings = [
    ...findSpreads(windows, settings),
    ...findWorseVersions(windows),
    ...findLosses(windows, settings),
    ...findFlaps(windows),
    ...findOldVersions(windows, settings),
    ...findProblems(windows),
  ];
  const open = new Map(known.flatMap((each) => (each.endedMs === undefined ? [[keyOf(each), each] as const] : [])));
  const found = new Set(findings.map(keyOf));
  const ends = [...open].flatMap(([key, each]) =>
    found.has(key) ? [] : [{ ...each, endedMs: nowMs, members: ended(each.members, nowMs) }],
  );
  const changes = findings.flatMap((finding) => {
    const before = open.get(keyOf(finding));
    const now = before && { ...merged(before, finding, nowMs), id: before.id };
    return now && isChanged(before, now) ? [now] : [];
  });
  const fresh = findings
    .filter((finding) => finding.strength === 'opens' && !open.has(keyOf(finding)))
    .sort((one, other) => other.severity - one.severity);
  const places = Math.max(0, MAX_OPEN_OUTBREAKS - (open.size - ends.length));
  return {
    openings: fresh.slice(0, places).map((finding) => opened(finding, nowMs)),
    changes,
    ends,
    omitted: Math.max(0, fresh.length - places),
  };
}

const keyOf = ({ kind, subject }: Pick<Finding, 'kind' | 'subject'>): string => `${kind} ${subject}`;

function opened({ strength: _, members, ...finding }: Finding, nowMs: number): OutbreakNow {
  return {
    ...finding,
    beganMs: Math.min(nowMs, ...members.map(({ beganMs }) => beganMs)),
    endedMs: undefined,
    members: listed(members),
    robots: members.length,
  };
}

function merged(before: StoredOutbreak, { severity, about, members, uncounted }: Finding, nowMs: number): OutbreakNow {
  const now = new Map(members.map((member) => [member.robot, member]));
  const known = new Set(before.members.map(({ robot }) => robot));
  const all = [
    ...before.members.map((member) => {
      const other = now.get(member.robot);
      if (!other) return ended([member], nowMs)[0]!;
      const highest = Math.max(member.severity ?? 0, other.severity ?? 0);
      return {
        ...other,
        beganMs: Math.min(member.beganMs, other.beganMs),
        ...(other.severity !== undefined && { severity: highest }),
      };
    }),
    ...members.filter(({ robot }) => !known.has(robot)),
  ];
  const { id: _, ...same } = before;
  return {
    ...same,
    ...{ about, uncounted, severity: Math.max(severity, before.severity) },
    members: listed(all),
    robots: Math.max(before.robots, all.length),
  };
}

const ended = (members: readonly Member[], endedMs: number): readonly Member[] =>
  members.map((member) => ({ endedMs, ...member }));

/** Returns the robots that an outbreak has: the first ones. */
const listed = (members: readonly Member[]): readonly Member[] =>
  members.toSorted((one, other) => one.beganMs - other.beganMs).slice(0, MAX_OUTBREAK_MEMBERS);

/** A measured rate alone is no change: it differs each time. */
const isChanged = (before: StoredOutbreak, { severity, members, robots }: OutbreakNow): boolean =>
  before.severity !== severity ||
  before.robots !== robots ||
  before.members.length !== members.length ||
  members.some((member, at) => !isSame(member, before.members[at]!));

/** What a judgement finds of a robot: the same, whichever other robots the outbreak has. */
const FOUND = ['robot', 'beganMs', 'endedMs', 'severity', 'site', 'version', 'code', 'entity', 'incident'] as const;

const isSame = (one: Member, other: Member): boolean => FOUND.every((name) => one[name] === other[name]);
