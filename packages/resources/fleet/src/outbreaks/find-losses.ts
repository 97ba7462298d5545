import { ERROR_SEVERITY, WARNING_SEVERITY } from '../fault-severity.ts';
import type { Finding, Member, OutbreakSettings, RobotNow, Windows } from './windows.ts';

/** Robots of a site that disconnect within this time are lost together. */
const TOGETHER_MS = 120_000;
/** Robots that connect again within this time were only interrupted; at most the time after which a robot is lost. */
const INTERRUPTED_MS = 60_000;
/** Fewest robots of a site that are lost, and their share of those that were connected. */
const FEWEST = 3;
const SHARE = 0.5;
/** Share of the robots of a lost site that must be connected before it is back. */
const BACK_SHARE = 0.75;

/** Finds sites of which many robots disconnected together, and robots that are lost. */
export function findLosses(windows: Windows, settings: OutbreakSettings): readonly Finding[] {
  const open = new Set(
    windows.known.flatMap(({ kind, endedMs, subject }) =>
      kind === 'robot_lost' && endedMs === undefined ? [subject] : [],
    ),
  );
  const away = windows.robots.flatMap((robot) => awayOf(robot, windows));
  // A robot that was lost before its site stays a separate outbreak.
  const sites = findSites(
    windows,
    settings,
    away.filter(({ robot }) => !open.has(robot.name)),
  );
  const explained = new Set(sites.flatMap(({ members }) => members.map(({ robot }) => robot)));
  const others = away.filter(({ robot }) => !explained.has(robot.name));
  return [...sites, ...findRobots(windows, settings, others, open)];
}

/** A robot that is offline and not announced as such. */
interface Away {
  readonly robot: RobotNow;
  /** Since when the hub misses it: not before the hub ran. */
  readonly missedMs: number;
  /** It disconnected while this hub ran. */
  readonly isObserved: boolean;
}

function awayOf(robot: RobotNow, { startedMs, nowMs }: Windows): readonly Away[] {
  const { presence, sinceMs } = robot;
  if (presence !== 'offline' || sinceMs === undefined) return [];
  return [{ robot, missedMs: Math.min(nowMs, Math.max(sinceMs, startedMs)), isObserved: sinceMs > startedMs }];
}

function findSites(
  { nowMs, robots, known }: Windows,
  { lostAfterMs, calmMs }: OutbreakSettings,
  away: readonly Away[],
): readonly Finding[] {
  const interruptedMs = Math.min(INTERRUPTED_MS, lostAfterMs);
  const open = new Map(
    known.flatMap((each) => (each.kind === 'site_lost' && each.endedMs === undefined ? [[each.subject, each]] : [])),
  );
  const names = new Set([...away.flatMap(({ robot: { site } }) => site ?? []), ...open.keys()]);
  return [...names].flatMap((site): readonly Finding[] => {
    const ofSite = away.filter(({ robot }) => robot.site === site);
    const before = open.get(site)?.members ?? [];
    const gone = before.length > 0 ? stillAway(before, { robots, nowMs, calmMs }) : [];
    const holds = before.length > 0 && gone.length > (1 - BACK_SHARE) * before.length;
    // A robot that the hub has missed since its start may still be on its way.
    const lasting = ofSite.filter(
      ({ missedMs, isObserved }) => nowMs - missedMs >= (isObserved ? interruptedMs : lostAfterMs),
    );
    const together = largestGroup(lasting);
    const online = robots.filter((robot) => robot.site === site && isConnected(robot)).length;
    const opens = together.length >= FEWEST && together.length >= SHARE * (together.length + online);
    if (!opens && !holds) return [];
    const members = holds ? ofSite : together;
    return [
      {
        kind: 'site_lost',
        subject: site,
        strength: opens ? 'opens' : 'holds',
        severity: ERROR_SEVERITY,
        name: site,
        about: `${members.length} robots of ${site} disconnected together; ${online} are online.`,
        members: members.map(memberOf),
        uncounted: 0,
      },
    ];
  });
}

/** Returns the members of a lost site that are not back for the calm time. */
function stillAway(
  members: readonly Member[],
  { robots, nowMs, calmMs }: Pick<Windows, 'nowMs' | 'robots'> & Pick<OutbreakSettings, 'calmMs'>,
): readonly Member[] {
  const byName = new Map(robots.map((robot) => [robot.name, robot]));
  return members.filter(({ robot }) => {
    const now = byName.get(robot);
    if (!now) return false;
    return now.presence === 'offline' || (isConnected(now) && nowMs - (now.sinceMs ?? 0) < calmMs);
  });
}

/** Returns the most robots that disconnected within `TOGETHER_MS`. */
function largestGroup(away: readonly Away[]): readonly Away[] {
  const sorted = away.toSorted((one, other) => one.missedMs - other.missedMs);
  let best: readonly Away[] = [];
  for (let first = 0, end = 0; first < sorted.length; first += 1) {
    while (end < sorted.length && sorted[end]!.missedMs - sorted[first]!.missedMs <= TOGETHER_MS) end += 1;
    if (end - first > best.length) best = sorted.slice(first, end);
  }
  return best;
}

function findRobots(
  { nowMs, robots }: Windows,
  { lostAfterMs, calmMs }: OutbreakSettings,
  away: readonly Away[],
  open: ReadonlySet<string>,
): readonly Finding[] {
  const lost = away.filter(({ missedMs, robot }) => open.has(robot.name) || nowMs - missedMs >= lostAfterMs);
  const returned = robots.filter(
    (robot) => open.has(robot.name) && isConnected(robot) && nowMs - (robot.sinceMs ?? 0) < calmMs,
  );
  const finding = (robot: RobotNow, strength: Finding['strength'], members: readonly Member[]): Finding => ({
    kind: 'robot_lost',
    subject: robot.name,
    strength,
    severity: WARNING_SEVERITY,
    name: robot.name,
    about: `${robot.name} is offline without announcement.`,
    members,
    uncounted: 0,
  });
  return [
    ...lost.map((each) => finding(each.robot, 'opens', [memberOf(each)])),
    ...returned.map((robot) => finding(robot, 'holds', [])),
  ];
}

const isConnected = ({ presence }: RobotNow): boolean => presence === 'online' || presence === 'late';

function memberOf({ robot: { name, site, version, sinceMs }, missedMs }: Away): Member {
  return {
    robot: name,
    ...(site !== undefined && { site }),
    ...(version !== undefined && { version }),
    beganMs: sinceMs ?? missedMs,
  };
}
