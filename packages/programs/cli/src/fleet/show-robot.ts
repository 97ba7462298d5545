import type { FleetFault, FleetRobot } from '@medkit/contract';
import { columns } from '../command/columns.ts';
import { ExitCode } from '../command/exit-code.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { plainLine } from '../terminal/display-width.ts';
import { formatTime } from '../terminal/format.ts';
import { table } from '../terminal/table.ts';
import { absenceText, contactText, faultText, LIMIT, stateText } from './list-robots.ts';

/** `medkit fleet show`: shows what a hub knows of a robot. */
export const showRobot = remoteCommand({
  usage: 'fleet show <robot>',
  asksHub: true,
  about: [
    'Shows what a hub knows of a robot, also while the robot is offline: state, key, machine, versions, the records of its log',
    'that the hub has stored, and its active faults. Other commands ask the robot itself with `--robot <robot>`.',
  ],
  examples: [
    ['fleet show amr-17', 'the robot amr-17'],
    ['faults --robot amr-17', 'its faults, from the robot itself'],
  ],
  async run({ client, args: [robot = ''], json }) {
    const { text, value } = await client.ask('getFleetRobot', { path: { robot } });
    if (json) {
      console.log(text);
      return ExitCode.ok;
    }
    const { items } = await client.call('listFleetFaults', { query: { robot, limit: LIMIT } });
    console.log([robotText(value), ...(items.length > 0 ? ['', faultTable(items)] : [])].join('\n'));
    return ExitCode.ok;
  },
});

/** The facts of a robot, one per line. */
export function robotText(robot: FleetRobot): string {
  const { site, labels, note, machine, inventory, versions, address, log, problems } = robot;
  const at = (time: string | null | undefined) => (time ? formatTime(new Date(time)) : undefined);
  const newest = log?.newest == null ? '' : ` of ${Math.max(log.newest, log.seq)}`;
  const stored = log && `${log.seq}${newest} records are stored`;
  const approved = at(robot.approved_at) && `${at(robot.approved_at)} by ${robot.approved_by ?? '?'}`;
  const key = [
    robot.fingerprint,
    ...(robot.key_added_at ? [`since ${at(robot.key_added_at)}`] : []),
    ...(robot.rotation_requested_at ? ['a new one is requested'] : []),
  ].join(', ');
  const rows: readonly (readonly [string, string | null | undefined])[] = [
    ['Robot', robot.id],
    ['State', stateText(robot)],
    ['Absence', absenceText(robot)],
    ['Last contact', contactText(robot)],
    ['Site', site],
    ['Labels', pairs(labels)],
    ['Note', note],
    ['Faults', faultText(robot)],
    ['Known as of', at(robot.as_of)],
    ['Software', versions?.software],
    ['medkit', versions?.medkit],
    ['Machine', pairs(inventory?.machine ?? machine ?? {})],
    ['Plugins', inventory?.plugins.join(' ')],
    ['Queueable', inventory?.queueable?.join(' ')],
    ['Address', address],
    ['Key', key],
    ['Enrolled', at(robot.enrolled_at)],
    ['Approved', approved],
    ['Log', stored],
    ...problems.map(({ code, message }) => [code, message] as const),
  ];
  return columns(rows.flatMap(([name, text]) => (text ? [[name, plainLine(text)] as const] : [])));
}

const pairs = (record: Readonly<Record<string, string>>): string =>
  Object.entries(record)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

function faultTable(faults: readonly FleetFault[]): string {
  const rows = faults.map(({ fault, origin }) => [
    fault.severity_label ?? '',
    fault.fault_code,
    origin ?? '',
    fault.description ?? '',
  ]);
  return table(['SEVERITY', 'FAULT', 'GATEWAY', 'DESCRIPTION'], rows);
}
