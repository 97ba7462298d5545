import type { IncidentDetail, IncidentFault, TimelineRow } from '@medkit/contract';
import { crossingOf } from '@medkit/incidents/measured';
import { crossingLine, curveLines } from '../faults/measured-lines.ts';
import { type Colour, colorize } from '../terminal/colorize.ts';
import { plainLine } from '../terminal/display-width.ts';
import { formatBytes, formatDuration, formatOffset, formatTime } from '../terminal/format.ts';
import { fitToScreen, type Screen } from '../terminal/screen.ts';
import { changesBefore, type IncidentSummary, relevantLogs } from './incident-summary.ts';
import {
  acknowledgementText,
  faultOwnerText,
  MOTION_COLOURS,
  STATE_COLOURS,
  unresponsiveLines,
} from './incident-text.ts';

/** Maximum number of lines per part, so that the summary fits on a screen. */
const MAX_FAULTS = 4;
const MAX_CHANGES = 3;
const MAX_LOGS = 3;
const MAX_NOTES = 2;
const MAX_RECORDINGS = 2;

const NAME_COLUMNS = 12;

/** A line of the summary: the name of the part on its first line, and the text. */
type Line = readonly [name: string, text: string, colour?: Colour];

export interface SummaryOptions {
  readonly screen: Screen;
  /** Command prefix for the suggested commands. */
  readonly medkit: string;
  /** Options for the suggested commands, such as `--url robot-01`. */
  readonly more?: string;
  readonly paint?: typeof colorize;
}

/** Summary of an incident in about twenty lines, for the on-call engineer. */
export function incidentSummaryLines(
  story: IncidentSummary,
  { screen, medkit, more = '', paint = colorize }: SummaryOptions,
): readonly string[] {
  const { incident } = story;
  const formatLine = ([name, text, colour]: Line): string => {
    const fitted = fitToScreen(plainLine(text), screen, NAME_COLUMNS);
    return `${paint(name.padEnd(NAME_COLUMNS), 'dim')}${paint(fitted, colour)}`.trimEnd();
  };
  const next = nextCommands(incident).map((command, at): string => {
    // Not cut: the command is meant to be copied.
    const name = paint((at === 0 ? 'next' : '').padEnd(NAME_COLUMNS), 'dim');
    return plainLine(`${medkit} ${command}${more ? ` ${more}` : ''}`).replace(/^/, name);
  });
  return [
    paint(fitToScreen(plainLine(`${incident.id}   ${incident.title}`), screen), 'bold'),
    ...[...standing(story), ...crossed(story, screen), ...others(incident, screen), ...around(story, screen)].map(
      formatLine,
    ),
    ...next,
  ];
}

function standing({ incident, nowMs }: IncidentSummary): readonly Line[] {
  const { state, began, healed_at, motion, robot, root, severity_label, faults } = incident;
  const beganMs = Date.parse(began);
  const endMs = Date.parse(healed_at ?? '') || nowMs;
  const when = `since ${formatTime(new Date(began), new Date(nowMs))}`;
  const lasted = formatDuration(Math.max(0, endMs - beganMs));
  const long = healed_at ? `after ${lasted}, began ${when.replace('since ', '')}` : `for ${lasted}, ${when}`;
  const taken = acknowledgementText(incident);
  const who =
    state === 'closed'
      ? `closed by ${incident.closed_by ?? 'unknown'}`
      : taken
        ? `acknowledged by ${taken}`
        : 'not acknowledged';
  const status = faults[0]?.status ?? '';
  return [
    ['state', `${state} ${long}; ${who}`, STATE_COLOURS[state]],
    ['motion', motion, MOTION_COLOURS[motion]],
    ['robot', robot],
    [
      'root',
      `${root} on ${faultOwnerText({ ...incident, origin: incident.root_origin })}, ${severity_label}, ${status}`,
    ],
    ...unresponsiveLines(incident['x-medkit']).map((line) => ['no answer', line, 'yellow'] as const),
  ];
}

function crossed({ measured, incident: { crossing } }: IncidentSummary, { columns, glyphs }: Screen): readonly Line[] {
  if (!measured) return [];
  const { threshold } = measured;
  const curve = curveLines(threshold, { columns: columns - NAME_COLUMNS, glyphs });
  // The evidence is from the last occurrence of the fault. The crossing of the incident is from its start.
  const first = crossing?.channel === threshold.channel ? crossing : crossingOf(threshold);
  return [['crossing', crossingLine(threshold, first)], ...curve.map((line) => ['', line] as const)];
}

function others({ faults, faults_omitted: omitted }: IncidentDetail, { glyphs }: Screen): readonly Line[] {
  const rest = faults.filter(({ role }) => role !== 'root');
  const left = rest.length - MAX_FAULTS + (omitted ?? 0);
  return named('then', [
    ...rest.slice(0, MAX_FAULTS).map((fault) => faultLine(fault)),
    ...(left > 0 ? [`${glyphs.cut} ${left} more`] : []),
  ]);
}

function faultLine(fault: IncidentFault): string {
  const { fault_code, delay_ms, status, why: reason } = fault;
  return `${offset(delay_ms)}${fault_code} on ${faultOwnerText(fault)}, ${status}: ${reason}`;
}

function around(story: IncidentSummary, screen: Screen): readonly Line[] {
  const { incident, missing } = story;
  const { arrow, cut } = screen.glyphs;
  const beganMs = Date.parse(incident.began);
  const changes = changesBefore(story, MAX_CHANGES);
  const logs = relevantLogs(story, MAX_LOGS);
  const rest = (left: number) => (left > 0 ? [`${cut} ${left} more`] : []);
  const after = ({ at }: Pick<TimelineRow, 'at'>) => offset(Date.parse(at) - beganMs);
  return [
    ...named('changed', [
      ...rest(changes.omitted),
      ...changes.selected.map((row) => `${after(row)}${row.by ?? 'unknown'}: ${changeText(row, arrow)}`),
    ]),
    ...named('log', [
      ...logs.selected.map(
        ({ row, times }) =>
          `${after(row)}${row.entity_id ?? row.item ?? ''}: ${row.text}${times > 1 ? ` (${times} times)` : ''}`,
      ),
      ...rest(logs.omitted),
    ]),
    ...named(
      'notes',
      incident.notes.slice(-MAX_NOTES).map((note) => `${after(note)}${note.by}: ${note.text}`),
    ),
    ...named('recordings', [
      ...incident.recordings
        .slice(0, MAX_RECORDINGS)
        .map(({ id, size_bytes: size }) => `${id}${size ? `, ${formatBytes(size)}` : ''}`),
      ...rest(incident.recordings.length - MAX_RECORDINGS),
    ]),
    ...named('missing', missing),
  ];
}

/** Lines of a part; the first line has the name. */
function named(name: string, texts: readonly string[]): readonly Line[] {
  return texts.map((text, at) => [at === 0 ? name : '', text]);
}

function offset(ms: number): string {
  return `${formatOffset(ms).padEnd(9)} `;
}

function changeText({ entity_id, item, from, to, text }: TimelineRow, arrow: string): string {
  if ((from ?? to ?? undefined) === undefined) return text;
  return `${[entity_id, item].filter(Boolean).join(' ')} ${from ?? '?'} ${arrow} ${to ?? '?'}`;
}

/** Suggested next commands, without the prefix. */
function nextCommands({ id, state, faults, recordings, acknowledged_by }: IncidentDetail): readonly string[] {
  const [root] = faults;
  const on =
    root?.entity_id && (root.entity_type === 'app' ? root.entity_id : `${root.entity_type}s/${root.entity_id}`);
  const recording = recordings[0];
  const owner = /^\/?(?:api\/v1\/)?((?:app|component|area|function)s\/[^/]+)\/bulk-data\/rosbags\//.exec(
    recording?.href ?? '',
  )?.[1];
  return [
    ...(state !== 'closed' && !acknowledged_by ? [`incidents ack ${word(id)}`] : []),
    ...(on ? [`faults show ${word(root.fault_code)} ${word(on)}`] : []),
    ...(recording && owner ? [`bag download ${word(owner)} ${word(recording.id)}`] : []),
    ...(state === 'healed' ? [`incidents close ${word(id)} --note "cause and fix"`] : []),
    `incidents export ${word(id)}`,
  ];
}

/** Quotes a text as one shell word. */
function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
