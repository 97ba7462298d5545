import type { FleetAbsenceReason, FleetPresence, FleetRobot, FleetRobotState } from '@medkit/contract';
import { FLEET_PRESENCE, FLEET_PRESENCES, isRobotConnected } from '@medkit/contract/robot-presence';
import { ExitCode } from '../command/exit-code.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import type { Colour } from '../terminal/colorize.ts';
import { formatTime } from '../terminal/format.ts';
import { type Cell, table } from '../terminal/table.ts';

const HEAD = ['ROBOT', 'STATE', 'SITE', 'FAULTS', 'SOFTWARE', 'MEDKIT', 'LAST CONTACT', 'PROBLEM'];
/** The maximum of the route, and of a hub with SQLite. */
export const LIMIT = 500;
const NO_ROBOTS = 'no robots: invite one with `fleet invite <robot>`, and run the printed command on it';
const COLOURS: Readonly<Record<FleetPresence | FleetRobotState, Colour | undefined>> = {
  online: 'green',
  late: 'yellow',
  offline: 'red',
  expected_offline: undefined,
  never: undefined,
  approved: undefined,
  pending: 'yellow',
  quarantined: 'red',
  revoked: 'red',
  retired: undefined,
};

const REASONS: Readonly<Record<FleetAbsenceReason, string>> = {
  park: 'parked',
  maintenance: 'maintenance of its site',
  quiet_hours: 'quiet hours of its site',
};

/** `medkit fleet`: lists the robots of a hub. */
export const listRobots = remoteCommand({
  usage: 'fleet',
  asksHub: true,
  about: [
    'Lists the robots of a fleet hub: state, site, active faults, versions, and the last contact.',
    'Faults of a robot that is offline are those that the hub knew last.',
  ],
  options: {
    site: { takes: '<site>', about: 'only robots of this site' },
    label: { takes: '<name[=value]>', about: 'only robots with this label' },
    group: { takes: '<group>', about: 'only robots of this group of `fleet groups`' },
    version: { takes: '<version>', about: 'only robots with this version of medkit or of their software' },
    presence: { takes: '<presence>', about: `only robots that are ${FLEET_PRESENCES.join(', ')}` },
    state: {
      takes: '<state>',
      about: 'only robots that are pending, approved, quarantined, revoked or retired, or have this presence',
    },
    find: { takes: '<text>', about: 'only robots whose name contains this text' },
    sort: { takes: '<order>', about: 'name (default), severity or last_seen' },
  },
  examples: [
    ['fleet --url hub.example.com', 'all robots'],
    ['fleet --state expected_offline', 'robots that are away as announced'],
    ['fleet --sort severity --site berlin', 'the robots in Berlin, those with the most severe faults first'],
  ],
  async run({ client, values, json }) {
    const {
      site,
      label,
      group,
      version,
      presence,
      state,
      find: q,
      sort,
    } = values as Readonly<Record<string, string | undefined>>;
    const filters = { site, label, group, version, presence, state, q, sort };
    const query = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
    const { text, value } = await client.ask('listFleetRobots', { query: { limit: LIMIT, ...query } });
    if (json) console.log(text);
    else {
      console.log(robotTable(value.items));
      if (value.total > value.items.length) console.error(`${value.items.length} of ${value.total} robots; use --find`);
    }
    return ExitCode.ok;
  },
});

/** Robots as a table. */
export function robotTable(robots: readonly FleetRobot[]): string {
  return robots.length === 0 ? NO_ROBOTS : table(HEAD, robots.map(row));
}

/** Returns the presence of an approved robot, with a mark if it is connected and parked; else the state of its enrolment. */
export function stateText({ state, presence, park }: FleetRobot): string {
  if (state !== 'approved') return state;
  const { text, isConnected } = FLEET_PRESENCE[presence];
  return isConnected && park?.active ? `${text}, parked` : text;
}

/** When a robot last contacted the hub: `now`, or a time; the time of its last ping if the next one is overdue. */
export function contactText({ presence, last_seen }: FleetRobot): string {
  if (isRobotConnected(presence) && presence !== 'late') return 'now';
  return last_seen ? formatTime(new Date(last_seen)) : 'never';
}

/** `parked by alice until 2026-…: new wheels`: why a robot may be away; `undefined` if no absence is announced. */
export function absenceText({ absence, park }: FleetRobot): string | undefined {
  const at = (time: string | null | undefined) => (time ? formatTime(new Date(time)) : undefined);
  if (!absence && !park) return undefined;
  const isPark = absence === undefined || absence === null || absence.reason === 'park';
  const until = at(isPark ? park?.until : absence.until);
  const note = isPark ? park?.note : absence.note;
  const from = isPark && park && !park.active ? ` from ${at(park.from)}` : '';
  const what = isPark ? `parked by ${park?.by ?? '?'}` : REASONS[absence.reason];
  return `${what}${from}${until === undefined ? '' : ` until ${until}`}${note ? `: ${note}` : ''}`;
}

/** `1 critical, 2 warning`: the active faults, the most severe first; `unknown` if the hub does not know them. */
export function faultText({ faults }: FleetRobot): string {
  if (!faults) return 'unknown';
  const counts = (['critical', 'error', 'warning', 'info'] as const).flatMap((name) =>
    faults[name] > 0 ? `${faults[name]} ${name}` : [],
  );
  return counts.join(', ') || 'none';
}

function row(robot: FleetRobot): readonly Cell[] {
  const { id, site, faults, versions, problems } = robot;
  const colour = COLOURS[robot.state === 'approved' ? robot.presence : robot.state];
  const state = stateText(robot);
  const text = faultText(robot);
  return [
    id,
    colour ? { text: state, colour } : state,
    site ?? '',
    faults && faults.critical + faults.error > 0 ? { text, colour: 'red' } : text,
    versions?.software ?? '',
    versions?.medkit ?? '',
    contactText(robot),
    problems.map(({ message }) => message).join('; '),
  ];
}
