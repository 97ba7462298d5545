import type { FaultListItem } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { stopSignal } from '../command/stop-signal.ts';
import { findEntity } from '../remote/find-entity.ts';
import { type Remote, remoteCommand } from '../remote/remote-command.ts';
import { timeInWords } from '../terminal/in-words.ts';
import { type Cell, table } from '../terminal/table.ts';
import { followFaults } from './follow-faults.ts';
import { severityCell } from './severity.ts';

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
    if (values.follow && json) return followFaults({ client, json, entity, signal: stopSignal() });
    const { text, value } = entity
      ? await client.ask('listFaults', { entity, query })
      : await client.ask('listAllFaults', { query: { ...query, include_muted: values.muted === true || undefined } });
    if (json) console.log(text);
    else console.log(value.items.length === 0 ? nothing(remote) : table(HEAD, value.items.map(row)));
    if (!values.follow) return ExitCode.ok;
    return followFaults({ client, json, entity, signal: stopSignal() });
  },
});

function nothing({ values, words }: Remote): string {
  const whose = words[0] === undefined ? '' : ` of ${words[0]}`;
  return values.status === undefined ? `no fault${whose}` : `no such fault${whose}`;
}

function row(fault: FaultListItem): readonly Cell[] {
  const { fault_code, severity_label, status, entity_id, occurrence_count, last_occurred, description } = fault;
  return [
    fault_code,
    severityCell(severity_label),
    status,
    entity_id ?? fault.reporting_sources?.[0] ?? '',
    String(occurrence_count ?? ''),
    last_occurred ? timeInWords(new Date(last_occurred * 1000)) : '',
    description ?? '',
  ];
}
