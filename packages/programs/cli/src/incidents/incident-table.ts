import type { Incident } from '@medkit/contract';
import type { Colour } from '../terminal/colorize.ts';
import { formatTime } from '../terminal/format.ts';
import { type Cell, type TableOptions, table } from '../terminal/table.ts';
import { STATE_COLOURS } from './incident-text.ts';

const HEAD = ['INCIDENT', 'BEGAN', 'STATE', 'SEVERITY', 'ROOT', 'FAULTS', 'ROBOT', 'ACKNOWLEDGED BY'];

const SEVERITY_COLOURS: Readonly<Record<string, Colour>> = {
  INFO: 'cyan',
  WARN: 'yellow',
  ERROR: 'red',
  CRITICAL: 'red',
};

/** Incidents as a table. */
export function incidentTable(incidents: readonly Incident[], options?: TableOptions): string {
  return table(HEAD, incidents.map(row), options);
}

function row(incident: Incident): readonly Cell[] {
  const { id, began, state, severity_label, root, fault_count, robot, acknowledged_by } = incident;
  return [
    id,
    formatTime(new Date(began)),
    { text: state, colour: STATE_COLOURS[state] },
    { text: severity_label, colour: SEVERITY_COLOURS[severity_label] ?? 'dim' },
    root,
    String(fault_count),
    robot,
    acknowledged_by ?? '',
  ];
}
