import type { FleetIssueChange } from '@medkit/contract';
import { ExitCode } from '../../command/exit-code.ts';
import { CommandFailed } from '../../command/failure.ts';
import type { OptionValues } from '../../command/parse-arguments.ts';
import { type Remote, remoteCommand } from '../../remote/remote-command.ts';
import { plainLine } from '../../terminal/display-width.ts';
import { isoTime } from '../park-robot.ts';
import { stateText } from './list-issues.ts';

const NOTE = { note: { takes: '<text>', about: 'add a note' } } as const;

/** `medkit fleet resolve`: resolves an issue. */
export const resolveIssue = remoteCommand({
  usage: 'fleet resolve <issue>',
  asksHub: true,
  about: [
    'Resolves an issue. It becomes regressed by an occurrence that begins later; with --in, only by one on this or newer',
    'software.',
  ],
  options: { in: { takes: '<version>', about: 'software in which it is resolved' }, ...NOTE },
  examples: [['fleet resolve 7 --in navigation-2.1.0', 'robots with older software may still have it']],
  run: (remote) => {
    const version = textIn(remote.values, 'in');
    return change(remote, { state: 'resolved', ...(version !== undefined && { in_version: version }) });
  },
});

/** `medkit fleet ignore`: ignores an issue until a limit, or without one. */
export const ignoreIssue = remoteCommand({
  usage: 'fleet ignore <issue>',
  asksHub: true,
  about: ['Ignores an issue until the first of the limits. Without a limit it is muted, until it is opened again.'],
  options: {
    robots: { takes: '<number>', about: 'until so many more robots have it' },
    occurrences: { takes: '<number>', about: 'until so many more occurrences' },
    until: { takes: '<time>', about: 'until this time (ISO 8601)' },
    ...NOTE,
  },
  examples: [['fleet ignore 7 --robots 5', 'until 5 more robots have it']],
  run: (remote) => {
    const [robots, occurrences] = [countIn(remote.values, 'robots'), countIn(remote.values, 'occurrences')];
    const date = textIn(remote.values, 'until');
    const until = {
      ...(robots !== undefined && { robots }),
      ...(occurrences !== undefined && { occurrences }),
      ...(date !== undefined && { date: isoTime('until', date) }),
    };
    return change(remote, Object.keys(until).length === 0 ? { state: 'muted' } : { state: 'ignored', until });
  },
});

/** `medkit fleet reopen`: marks an issue as ongoing, or only sets its owner or adds a note. */
export const reopenIssue = remoteCommand({
  usage: 'fleet reopen <issue>',
  asksHub: true,
  about: ['Marks an issue as ongoing: it is neither new nor resolved nor ignored any more.'],
  options: { owner: { takes: '<name>', about: 'who works on it; an empty text removes it' }, ...NOTE },
  run: (remote) => {
    const owner = textIn(remote.values, 'owner');
    return change(remote, { state: 'ongoing', ...(owner !== undefined && { owner }) });
  },
});

/** `medkit fleet recount`: compares the sums of the hub with its occurrences. */
export const recount = remoteCommand({
  usage: 'fleet recount',
  asksHub: true,
  about: [
    'Compares the sums by issue, robot, software, site and hour with the stored occurrences, and corrects them. A difference is a',
    'defect of medkit: report it. Exits with 1 if there were differences.',
  ],
  async run({ client, json }) {
    const { text, value } = await client.ask('recountFleet', {});
    const { occurrences, different, differences } = value;
    if (json) console.log(text);
    else {
      console.log(`${occurrences} occurrences counted, ${different} sums corrected`);
      for (const { table, key, stored, counted } of differences) {
        console.log(plainLine(`${table} ${key}: stored ${stored}, counted ${counted}`));
      }
    }
    return different === 0 ? ExitCode.ok : ExitCode.failed;
  },
});

async function change(
  { client, args: [issue = ''], values, json }: Remote,
  decision: FleetIssueChange,
): Promise<number> {
  const note = textIn(values, 'note');
  const body = { ...decision, ...(note !== undefined && { note }) };
  const { text, value } = await client.ask('changeFleetIssue', { path: { issue }, body });
  console.log(json ? text : plainLine(`issue ${value.id} is ${stateText(value)}`));
  return ExitCode.ok;
}

const textIn = (values: OptionValues, name: string): string | undefined => {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
};

function countIn(values: OptionValues, name: string): number | undefined {
  const text = textIn(values, name);
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new CommandFailed(`--${name}: expected a whole number from 1, found "${text}"`, ExitCode.usage);
}
