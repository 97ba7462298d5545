import type { FleetPresenceList } from '@medkit/contract';
import { FLEET_PRESENCE } from '@medkit/contract/robot-presence';
import { durationSeconds } from '../command/duration.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { plainLine } from '../terminal/display-width.ts';
import { formatTime } from '../terminal/format.ts';
import { table } from '../terminal/table.ts';
import { absenceText } from './list-robots.ts';

/** Changes of presence that the command prints. */
const LISTED = 50;

/** `medkit fleet park`: announces that a robot will be away. */
export const parkRobot = remoteCommand({
  usage: 'fleet park <robot>',
  asksHub: true,
  about: [
    'Announces that a robot will be away, such as for maintenance: while it is not connected, it is listed as expected offline.',
    'Without --for and --until, the park lasts until `fleet unpark`. Another `fleet park` replaces it.',
  ],
  options: {
    for: { takes: '<duration>', about: 'length, such as 90m or 2d, at most 366d' },
    until: { takes: '<time>', about: 'when it ends (ISO 8601)' },
    from: { takes: '<time>', about: 'when it begins (ISO 8601); now by default' },
    note: { takes: '<text>', about: 'reason, for people' },
  },
  examples: [
    ["fleet park amr-17 --for 2d --note 'new wheels'", 'for two days'],
    ['fleet park amr-17 --from 2026-12-01T06:00Z --until 2026-12-01T18:00Z', 'a maintenance window'],
  ],
  async run({ client, args: [robot = ''], values, json }) {
    const { for: length, until, from, note } = values as Readonly<Record<string, string | undefined>>;
    if (length !== undefined && until !== undefined)
      throw new CommandFailed('pass either --for or --until', ExitCode.usage);
    const body = {
      ...(length !== undefined && { minutes: Math.ceil(durationSeconds('for', length) / 60) }),
      ...(until !== undefined && { until: isoTime('until', until) }),
      ...(from !== undefined && { from: isoTime('from', from) }),
      ...(note !== undefined && { note }),
    };
    const { text, value } = await client.ask('parkFleetRobot', { path: { robot }, body });
    console.log(json ? text : plainLine(`${robot} is ${absenceText(value) ?? 'parked'}`));
    return ExitCode.ok;
  },
});

/** `medkit fleet unpark`: ends the park of a robot. */
export const unparkRobot = remoteCommand({
  usage: 'fleet unpark <robot>',
  asksHub: true,
  about: [
    'Ends the park of a robot: if it is not connected, it is listed as offline, unless its site has quiet hours.',
  ],
  async run({ client, args: [robot = ''] }) {
    await client.call('unparkFleetRobot', { path: { robot } });
    console.log(plainLine(`${robot} is not parked any more`));
    return ExitCode.ok;
  },
});

/** `medkit fleet presence`: lists when a robot was connected. */
export const listPresence = remoteCommand({
  usage: 'fleet presence <robot>',
  asksHub: true,
  about: [`Lists the last ${LISTED} changes of presence of a robot, with the reason of each. A late ping is not one.`],
  async run({ client, args: [robot = ''], json }) {
    const { text, value } = await client.ask('listFleetPresence', { path: { robot }, query: { limit: LISTED } });
    console.log(json ? text : presenceTable(value));
    return ExitCode.ok;
  },
});

/** Changes of presence as a table, the newest first. */
export function presenceTable({ items }: FleetPresenceList): string {
  if (items.length === 0) return 'the robot was not connected yet';
  const rows = items.map(({ at, presence, reason }) => [
    formatTime(new Date(at)),
    FLEET_PRESENCE[presence].text,
    reason,
  ]);
  return table(['SINCE', 'PRESENCE', 'REASON'], rows);
}

/** Returns a time with its zone for the hub; local time if the text has none. Throws `CommandFailed`. */
export function isoTime(option: string, text: string): string {
  const time = new Date(text);
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  throw new CommandFailed(`--${option}: expected a time such as 2026-12-01T18:00Z, found "${text}"`, ExitCode.usage);
}
