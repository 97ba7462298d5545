import type { FleetIssue, FleetIssueDetail, FleetIssueState } from '@medkit/contract';
import { ExitCode } from '../../command/exit-code.ts';
import { remoteCommand } from '../../remote/remote-command.ts';
import type { Colour } from '../../terminal/colorize.ts';
import { plainLine } from '../../terminal/display-width.ts';
import { formatTime } from '../../terminal/format.ts';
import { type Cell, table } from '../../terminal/table.ts';
import { LIMIT } from '../list-robots.ts';

const HEAD = ['ISSUE', 'FAULT', 'ENTITY', 'SEVERITY', 'STATE', 'ROBOTS', 'OCCURRENCES', 'FIRST', 'LAST', 'OWNER'];
const COLOURS: Readonly<Partial<Record<FleetIssueState, Colour>>> = {
  new: 'yellow',
  regressed: 'red',
  resolved: 'green',
};

/** `medkit fleet issues`: lists what faults of many robots have in common. */
export const listIssues = remoteCommand({
  usage: 'fleet issues',
  asksHub: true,
  about: [
    'Lists the issues of a fleet: the same fault on any robot, with the number of robots and occurrences. A filter by site,',
    'label or group counts those of its robots only.',
  ],
  options: {
    state: { takes: '<state>', about: 'only new, ongoing, resolved, regressed, ignored or muted issues' },
    code: { takes: '<code>', about: 'only issues of this fault code' },
    entity: { takes: '<entity>', about: 'only issues of this entity, as the robots name it' },
    severity: { takes: '<severity>', about: 'only issues of at least this severity: info, warn, error, critical' },
    version: { takes: '<version>', about: 'only issues with an occurrence on this software' },
    site: { takes: '<site>', about: 'only robots of this site' },
    label: { takes: '<name[=value]>', about: 'only robots with this label' },
    group: { takes: '<group>', about: 'only robots of this group of `fleet groups`' },
    find: { takes: '<text>', about: 'only issues whose fault code contains this text' },
    sort: { takes: '<order>', about: 'last_seen (default), first_seen, occurrences or robots' },
  },
  examples: [
    ['fleet issues --state regressed', 'faults that returned after they were resolved'],
    ['fleet issues --site berlin --sort robots', 'what most robots in Berlin have'],
  ],
  async run({ client, values, json }) {
    const { find: q, json: _, ...given } = values as Readonly<Record<string, string | undefined>>;
    const names = ['state', 'code', 'entity', 'severity', 'version', 'site', 'label', 'group', 'sort'];
    const query = Object.fromEntries(
      Object.entries({ ...given, q }).filter(([name, value]) => value !== undefined && [...names, 'q'].includes(name)),
    );
    const { text, value } = await client.ask('listFleetIssues', { query: { limit: LIMIT, ...query } });
    if (json) console.log(text);
    else {
      console.log(issueTable(value.items));
      if (value.total > value.items.length)
        console.error(`${value.items.length} of ${value.total} issues; use a filter`);
    }
    return ExitCode.ok;
  },
});

/** Issues as a table. */
export function issueTable(issues: readonly FleetIssue[]): string {
  if (issues.length === 0) return 'no issues';
  return table(
    HEAD,
    issues.map((issue): readonly Cell[] => {
      const colour = COLOURS[issue.state];
      return [
        issue.id,
        titleOf(issue),
        issue.entity_id ?? '',
        issue.severity >= 2 ? { text: issue.severity_label, colour: 'red' } : issue.severity_label,
        colour ? { text: issue.state, colour } : issue.state,
        String(issue.robots),
        String(issue.occurrences),
        at(issue.first_seen),
        at(issue.last_seen),
        issue.owner ?? '',
      ];
    }),
  );
}

/** `medkit fleet issue`: shows an issue with its robots, software, sites and notes. */
export const showIssue = remoteCommand({
  usage: 'fleet issue <issue>',
  asksHub: true,
  about: [
    'Shows an issue: its state, the robots that have it, and its occurrences by software and site, with the hours for which',
    'robots ran there since the first occurrence.',
  ],
  async run({ client, args: [issue = ''], json }) {
    const { text, value } = await client.ask('getFleetIssue', { path: { issue } });
    console.log(json ? text : issueText(value));
    return ExitCode.ok;
  },
});

/** An issue as lines of text. */
export function issueText(issue: FleetIssueDetail): string {
  const { entity_id: entity, cause, owner, decided, regressed } = issue;
  const hours = (value: number | null | undefined) => (value == null ? 'unknown' : value.toFixed(1));
  const bars = (key: 'version' | 'site', rows: readonly (readonly [string | null | undefined, number, string])[]) =>
    table(
      [key === 'version' ? 'SOFTWARE' : 'SITE', 'OCCURRENCES', 'RUNNING HOURS'],
      rows.map(([name, count, running]) => [name ?? 'unknown', String(count), running]),
    );
  const lines = [
    `${titleOf(issue)}${entity ? ` of ${entity}` : ''}${cause ? `, caused by ${cause}` : ''}`,
    `${issue.severity_label}, ${stateText(issue)}`,
    `${issue.occurrences} occurrences on ${issue.robots} robots, ${at(issue.first_seen)} to ${at(issue.last_seen)}`,
    ...(owner ? [`owner: ${owner}`] : []),
    ...(decided ? [`decided by ${decided.by} at ${at(decided.at)}`] : []),
    ...(regressed
      ? [
          `regressed at ${at(regressed.at)} on ${regressed.robot ?? 'a robot'}, software ${regressed.version ?? 'unknown'}`,
        ]
      : []),
  ];
  const notes = issue.notes.map((note) => plainLine(`${at(note.at)} ${note.by}: ${note.text}`));
  return [
    lines.map(plainLine).join('\n'),
    table(
      ['ROBOT', 'SITE', 'SOFTWARE', 'OCCURRENCES', 'FIRST', 'LAST'],
      issue.by_robot.map((row) => [
        ...[row.robot, row.site ?? '', row.version ?? '', String(row.occurrences)],
        ...[at(row.first_seen), at(row.last_seen)],
      ]),
    ),
    bars(
      'version',
      issue.by_version.map((row) => [row.version, row.occurrences, hours(row.running_hours)] as const),
    ),
    bars(
      'site',
      issue.by_site.map((row) => [row.site, row.occurrences, hours(row.running_hours)] as const),
    ),
    ...(notes.length > 0 ? [notes.join('\n')] : []),
  ].join('\n\n');
}

/** `resolved in navigation-2.1.0`, `ignored below 5 robots`: the state with its limits. */
export function stateText({ state, decided }: Pick<FleetIssue, 'state' | 'decided'>): string {
  if (state === 'resolved' && decided?.in_version) return `resolved in ${decided.in_version}`;
  if (state !== 'ignored') return state;
  const limits = [
    ...(decided?.until_robots != null ? [`below ${decided.until_robots} robots`] : []),
    ...(decided?.until_occurrences != null ? [`below ${decided.until_occurrences} occurrences`] : []),
    ...(decided?.until ? [`until ${at(decided.until)}`] : []),
  ];
  return `ignored ${limits.join(', ')}`;
}

const titleOf = ({ rule, fault_code: code }: Pick<FleetIssue, 'rule' | 'fault_code'>): string => rule ?? code ?? '';
const at = (time: string): string => formatTime(new Date(time));
