import type { FaultListItem } from '@medkit/contract';
import { listedStatus } from '@medkit/core/faults';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { stopSignal } from '../command/stop-signal.ts';
import { findEntity } from '../remote/find-entity.ts';
import { type Remote, remoteCommand } from '../remote/remote-command.ts';
import { timeInWords } from '../terminal/in-words.ts';
import { type Cell, table } from '../terminal/table.ts';
import { followFaults } from './follow-faults.ts';

const HEAD = ['CODE', 'SEVERITY', 'STATUS', 'ENTITY', 'COUNT', 'LAST', 'DESCRIPTION'];

/** `medkit faults`: what is wrong with the robot, or with one entity. */
export const listFaults = remoteCommand({
  usage: 'faults [entity]',
  about: [
    'Lists the faults of the robot, or of an entity and what belongs to it: those that are confirmed or about to be, unless',
    '--status asks for others.',
  ],
  options: {
    status: { takes: '<status>', about: 'pending, confirmed, cleared, healed or all' },
    follow: { short: 'f', about: 'then go on with every change, until Ctrl-C' },
    severity: {
      takes: '<severity>',
      about: 'only what is at least this grave: info, warn, error or critical (of the whole robot only)',
    },
    since: {
      takes: '<time>',
      about: 'only what was not over before this time (ISO 8601; of the whole robot only)',
    },
    muted: { about: 'also symptoms that another fault speaks for (of the whole robot only)' },
  },
  examples: [
    ['faults', 'what is wrong now'],
    ['faults navigation --status all', 'of the navigation, also what healed or was cleared'],
    ['faults -f --json', 'every change as an event a line'],
  ],
  async run(remote) {
    const { client, json, values, words } = remote;
    const query = { status: values.status as string | undefined };
    const entity = words[0] === undefined ? undefined : await findEntity(client, words[0]);
    const isPart = values.severity !== undefined || values.since !== undefined;
    if (isPart && (entity || values.follow)) {
      const text = '--severity and --since are for the list of the whole robot: leave out the entity and --follow';
      throw new CommandFailed(text, ExitCode.usage);
    }
    if (values.follow && json) return followFaults({ client, json, entity, signal: stopSignal() });
    const { text, value } = entity
      ? await client.ask('listFaults', { entity, query })
      : await client.ask('listAllFaults', { query: { ...query, ...ofRobot(values) } });
    // Before anything is shown: whoever sees the first line may press Ctrl-C at once.
    const signal = values.follow ? stopSignal() : undefined;
    if (json) console.log(text);
    else console.log(value.items.length === 0 ? nothing(remote) : table(HEAD, value.items.map(row)));
    return signal ? followFaults({ client, json, entity, signal }) : ExitCode.ok;
  },
});

/** What only the list of the whole robot can be asked for. */
function ofRobot({ muted, severity, since }: Remote['values']) {
  return {
    include_muted: muted === true || undefined,
    severity: severity as string | undefined,
    since: since as string | undefined,
  };
}

function nothing({ values, words }: Remote): string {
  const whose = words[0] === undefined ? '' : ` of ${words[0]}`;
  return values.status === undefined ? `no fault${whose}` : `no such fault${whose}`;
}

function row(fault: FaultListItem): readonly Cell[] {
  const { fault_code, severity_label, entity_id, occurrence_count, last_occurred, description } = fault;
  return [
    fault_code,
    severityCell(severity_label),
    listedStatus(fault),
    entity_id ?? fault.reporting_sources?.[0] ?? '',
    String(occurrence_count ?? ''),
    last_occurred ? timeInWords(new Date(last_occurred * 1000)) : '',
    description ?? '',
  ];
}

const COLOURS = { INFO: 'cyan', WARN: 'yellow', ERROR: 'red', CRITICAL: 'red', UNKNOWN: 'dim' } as const;

/** How grave a fault is, in its colour. */
function severityCell(label: string | null | undefined): Cell {
  const text = (label ?? 'UNKNOWN').toUpperCase();
  return { text, colour: COLOURS[text as keyof typeof COLOURS] ?? 'dim' };
}
