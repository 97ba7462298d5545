import type { FleetInvitation, NewFleetInvitation } from '@medkit/contract';
import { durationSeconds } from '../command/duration.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { invocation } from '../command/invocation.ts';
import { readInteger } from '../command/parse-arguments.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { plainLine } from '../terminal/display-width.ts';
import { formatTime } from '../terminal/format.ts';
import { table } from '../terminal/table.ts';

/** Above what any hub accepts, which states its limit. */
const MOST_USES = 100_000;
const HEAD = ['ID', 'FOR', 'SITE', 'STATE', 'LEFT', 'UNTIL', 'BY'];

/** `medkit fleet invite`: invites one robot, or many with one code. */
export const inviteRobot = remoteCommand({
  usage: 'fleet invite [robot]',
  asksHub: true,
  about: [
    'Creates an invitation, and prints the command that enrols the robot. Its link contains the code, which is printed only once.',
    'The robot then waits for `fleet approve`, unless --auto-approve is set. For many robots with one image, give --name and',
    '--count instead of a robot.',
  ],
  options: {
    site: { takes: '<site>', about: 'site of the robots' },
    valid: { takes: '<duration>', about: 'validity, such as 90m or 30d (default 1h, at most 30d)' },
    name: { takes: '<pattern>', about: 'name of each robot, such as amr-{serial}' },
    count: { takes: '<number>', about: 'number of robots that may use it (default 1)' },
    role: { takes: '<role>', about: 'role of the hub and its users on the robot (default: operator)' },
    'auto-approve': { about: 'robots that use it need no approval' },
  },
  examples: [
    ['fleet invite amr-17 --site berlin', 'one robot'],
    ['fleet invite amr-17 --role configurator', 'one robot, whose parameters the hub may change'],
    ["fleet invite --count 200 --valid 30d --name 'amr-{serial}' --auto-approve", 'an image for 200 robots'],
  ],
  async run({ client, args: [robot], values, json }) {
    const { site, name, valid, count, role } = values as Readonly<Record<string, string | undefined>>;
    if ((robot === undefined) === (name === undefined)) {
      throw new CommandFailed('give either the name of one robot, or --name with a pattern', ExitCode.usage);
    }
    const body = {
      ...(robot !== undefined && { robot }),
      ...(name !== undefined && { name_pattern: name }),
      ...(site !== undefined && { site }),
      ...(role !== undefined && { role }),
      ...(valid !== undefined && { minutes: Math.ceil(durationSeconds('valid', valid) / 60) }),
      ...(count !== undefined && { uses: readInteger('count', count, MOST_USES) }),
      ...(values['auto-approve'] === true && { auto_approve: true }),
    };
    const { text, value } = await client.ask('createFleetInvitation', { body });
    if (json) console.log(text);
    else printInvitation(value);
    return ExitCode.ok;
  },
});

/** Prints the command for the robot to standard output, and what it is valid for to standard error. */
export function printInvitation({ link, left, expires_at, auto_approve }: NewFleetInvitation): void {
  console.log(plainLine(`sudo ${invocation(process.env)} enrol ${link}`));
  const robots = left === 1 ? 'one robot' : `${left} robots`;
  const then = auto_approve ? 'no approval is needed' : 'then approve it with `fleet approve <robot>`';
  console.error(
    plainLine(`Run this on the robot. Valid for ${robots} until ${formatTime(new Date(expires_at))}; ${then}.`),
  );
}

/** `medkit fleet invitations`: lists invitations. */
export const listInvitations = remoteCommand({
  usage: 'fleet invitations',
  asksHub: true,
  about: ['Lists the invitations without their codes: who may use them, how often, and until when.'],
  async run({ client, json }) {
    const { text, value } = await client.ask('listFleetInvitations', {});
    console.log(json ? text : invitationTable(value.items));
    return ExitCode.ok;
  },
});

/** Invitations as a table. */
export function invitationTable(invitations: readonly FleetInvitation[]): string {
  if (invitations.length === 0) return 'no invitations: create one with `fleet invite <robot>`';
  const rows = invitations.map(({ id, robot, name_pattern, site, state, left, uses, expires_at, created_by }) => [
    id,
    robot ?? name_pattern ?? '',
    site ?? '',
    state,
    `${left}/${uses}`,
    formatTime(new Date(expires_at)),
    created_by,
  ]);
  return table(HEAD, rows);
}

/** `medkit fleet withdraw`: withdraws an invitation. */
export const withdrawInvitation = remoteCommand({
  usage: 'fleet withdraw <id>',
  asksHub: true,
  about: ['Withdraws an invitation: its code is refused from now on. Robots that used it stay enrolled.'],
  examples: [['fleet withdraw 12', 'the invitation 12 of `fleet invitations`']],
  async run({ client, args: [invite = ''] }) {
    await client.call('withdrawFleetInvitation', { path: { invite } });
    return ExitCode.ok;
  },
});
