import type { IncidentDetail } from '@medkit/contract';
import { formatCrossing } from '@medkit/incidents/measured';
import { type Colour, colorize } from '../terminal/colorize.ts';
import { plainLine } from '../terminal/display-width.ts';
import { formatBytes, formatOffset, formatTime } from '../terminal/format.ts';
import { table } from '../terminal/table.ts';
import {
  acknowledgementText,
  faultOwnerText,
  MOTION_COLOURS,
  STATE_COLOURS,
  unresponsiveLines,
} from './incident-text.ts';
import { outbreakLines } from './outbreak-lines.ts';

/** Numbered ids. Other ids consist of fault codes and are not meant to be typed. */
const NUMBERED = /^inc_\d+(?:@|$)/;

/** An incident with all details as text. */
export function incidentLines(incident: IncidentDetail): readonly string[] {
  const { id, title, state, motion, notes, recordings, faults, faults_omitted: omitted } = incident;
  const { outbreak, outbreak_detail } = incident;
  const at = (time: string | null | undefined) => (time ? formatTime(new Date(time)) : undefined);
  const facts: readonly (readonly [string, string | undefined, Colour?])[] = [
    ['state', state, STATE_COLOURS[state]],
    ['motion', motion, MOTION_COLOURS[motion]],
    ['severity', incident.severity_label],
    ['robot', incident.robot],
    ['began', at(incident.began)],
    ['healed', at(incident.healed_at)],
    ['acknowledged', acknowledgementText(incident)],
    ['closed', [at(incident.closed_at), incident.closed_by].filter(Boolean).join(' by ')],
    [
      'root',
      outbreak ? undefined : `${incident.root} on ${faultOwnerText({ ...incident, origin: incident.root_origin })}`,
    ],
    ['about', outbreak?.about],
    ['sites', outbreak?.sites.join(', ')],
    ['groups', outbreak?.groups.join(', ')],
    ['crossing', incident.crossing ? crossedAt(incident.crossing) : undefined],
    ['also', incident.merged_ids.filter((each) => NUMBERED.test(each)).join(', ')],
    ...unresponsiveLines(incident['x-medkit']).map((line) => ['no answer', line, 'yellow'] as const),
  ];
  return [
    `${colorize(plainLine(id), 'bold')}   ${plainLine(title)}`,
    ...facts.flatMap(([name, value, colour]) =>
      value ? [`  ${colorize(name.padEnd(14), 'dim')}${colorize(plainLine(value), colour)}`] : [],
    ),
    ...(outbreak_detail ? outbreakLines(outbreak_detail) : faultLines(faults)),
    ...(omitted ? [`# … ${omitted} more faults`] : []),
    ...headed('notes', notes, (note) => `${formatTime(new Date(note.at))}  ${note.by}: ${note.text}`),
    ...headed('recordings', recordings, ({ id: name, href, size_bytes: size, format }) =>
      [name, format, size ? formatBytes(size) : undefined, href].filter(Boolean).join('   '),
    ),
  ];
}

function faultLines(faults: IncidentDetail['faults']): readonly string[] {
  const rows = faults.map((fault) => [
    fault.fault_code,
    faultOwnerText(fault),
    fault.role === 'root' ? 'root' : formatOffset(fault.delay_ms),
    fault.status,
    String(fault.times),
    fault.role === 'root' ? fault.description : fault.why,
  ]);
  return ['', table(['FAULT', 'ENTITY', 'AFTER', 'STATUS', 'COUNT', 'REASON'], rows)];
}

function headed<Item>(head: string, items: readonly Item[], line: (item: Item) => string): readonly string[] {
  if (items.length === 0) return [];
  return ['', colorize(head, 'cyan'), ...items.map((item) => `  ${plainLine(line(item))}`)];
}

function crossedAt(crossing: NonNullable<IncidentDetail['crossing']>): string {
  return `${formatCrossing(crossing)}${crossing.at ? `   ${formatTime(new Date(crossing.at))}` : ''}`;
}
