import type { FaultListItem } from '@medkit/contract';
import { listedStatus } from '@medkit/core/faults';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { stopSignal } from '../command/stop-signal.ts';
import { findEntity } from '../remote/find-entity.ts';
import { type Remote, remoteCommand } from '../remote/remote-command.ts';
import { formatTime } from '../terminal/format.ts';
import { type Cell, table } from '../terminal/table.ts';
import { followFaults } from './follow-faults.ts';

const HEAD = ['CODE', 'SEVERITY', 'STATUS', 'ENTITY', 'COUNT', 'LAST', 'DESCRIPTION'];

/** `medkit faults`: lists faults of the robot or of one entity. */
export const listFaults = remoteCommand({
  usage: 'faults [entity]',
  about: [
    'Lists the pending and confirmed faults of the robot, or of an entity and its members. Use --status for other faults.',
  ],
  options: {
    status: { takes: '<status>', about: 'pending, confirmed, cleared, healed or all (default: pending and confirmed)' },
    follow: { short: 'f', about: 'after the list, print each change until Ctrl-C' },
    severity: {
      takes: '<severity>',
      about: 'minimum severity: info, warn, error or critical (not with an entity or --follow)',
    },
    since: {
      takes: '<time>',
      about: 'only faults that were still active at this time or later (ISO 8601; not with an entity or --follow)',
    },
    muted: { about: 'include symptoms that are muted by their root cause (not with an entity)' },
  },
  examples: [
    ['faults', 'the active faults'],
    ['faults navigation --status all', 'all faults of the navigation, with healed and cleared ones'],
    ['faults -f --json', 'each change as one JSON event per line'],
  ],
  async run(remote) {
    const { client, json, values, args } = remote;
    const query = { status: values.status as string | undefined };
    const entity = args[0] === undefined ? undefined : await findEntity(client, args[0]);
    const isPart = values.severity !== undefined || values.since !== undefined;
    if (isPart && (entity || values.follow)) {
      const text = '--severity and --since work only for the list of the whole robot: remove the entity and --follow';
      throw new CommandFailed(text, ExitCode.usage);
    }
    if (values.follow && json) return followFaults({ client, json, entity, signal: stopSignal() });
    const { text, value } = entity
      ? await client.ask('listFaults', { entity, query })
      : await client.ask('listAllFaults', { query: { ...query, ...ofRobot(values) } });
    // Handles Ctrl-C before the first line is printed: the user may press it immediately.
    const signal = values.follow ? stopSignal() : undefined;
    if (json) console.log(text);
    else console.log(value.items.length === 0 ? nothing(remote) : table(HEAD, value.items.map(row)));
    return signal ? followFaults({ client, json, entity, signal }) : ExitCode.ok;
  },
});

/** Query parameters that only the list of the whole robot supports. */
function ofRobot({ muted, severity, since }: Remote['values']) {
  return {
    include_muted: muted === true || undefined,
    severity: severity as string | undefined,
    since: since as string | undefined,
  };
}

function nothing({ values, args }: Remote): string {
  const whose = args[0] === undefined ? '' : ` of ${args[0]}`;
  return values.status === undefined ? `no faults${whose}` : `no matching faults${whose}`;
}

function row(fault: FaultListItem): readonly Cell[] {
  const { fault_code, severity_label, entity_id, occurrence_count, last_occurred, description } = fault;
  return [
    fault_code,
    severityCell(severity_label),
    listedStatus(fault),
    entity_id ?? fault.reporting_sources?.[0] ?? '',
    String(occurrence_count ?? ''),
    last_occurred ? formatTime(new Date(last_occurred * 1000)) : '',
    description ?? '',
  ];
}

const COLOURS = { INFO: 'cyan', WARN: 'yellow', ERROR: 'red', CRITICAL: 'red', UNKNOWN: 'dim' } as const;

/** Severity of a fault in its color. */
function severityCell(label: string | null | undefined): Cell {
  const text = (label ?? 'UNKNOWN').toUpperCase();
  return { text, colour: COLOURS[text as keyof typeof COLOURS] ?? 'dim' };
}
