import type { IncidentDetail, IncidentFault, TimelineRow } from '@medkit/contract';
import type { Threshold } from '@medkit/incidents/measured';

/** Data for the summary of an incident. */
export interface IncidentSummary {
  readonly incident: IncidentDetail;
  /** The value that crossed a threshold, with the fault whose evidence contains it. */
  readonly measured?: { readonly of: IncidentFault; readonly threshold: Threshold };
  /** Operator actions before the incident, latest last. */
  readonly people: readonly TimelineRow[];
  /** Warnings and errors logged around the incident, earliest first. */
  readonly logs: readonly TimelineRow[];
  /** Data that is missing, and why. */
  readonly missing: readonly string[];
  /** Clock of the gateway, milliseconds since 1970. */
  readonly nowMs: number;
}

/** A log line with the number of its repetitions. */
export interface LoggedLine {
  readonly row: TimelineRow;
  readonly times: number;
}

/** An action this long after the start may still be the cause: this is the precision of clock offsets. */
const SLACK_MS = 2000;

/** Successful operator actions that may have caused the incident. Actions that changed a value rank first. */
export function changesBefore({ incident, people }: Pick<IncidentSummary, 'incident' | 'people'>, most: number) {
  const untilMs = Date.parse(incident.began) + SLACK_MS;
  const done = people.filter(({ at, outcome }) => Date.parse(at) <= untilMs && (outcome ?? 'done') === 'done');
  const isChange = ({ from, to }: TimelineRow) => (from ?? to ?? undefined) !== undefined;
  const ranked = [...done.filter((row) => !isChange(row)), ...done.filter(isChange)].slice(-most);
  return { selected: ranked.toSorted(byTime), omitted: done.length - ranked.length };
}

/** The most relevant log lines, each text once: errors, then the warnings closest to the start. */
export function relevantLogs({ incident, logs }: Pick<IncidentSummary, 'incident' | 'logs'>, most: number) {
  const codes = incident.faults.map(({ fault_code }) => fault_code);
  const lines = new Map<string, LoggedLine>();
  for (const row of logs) {
    // The summary already lists the faults.
    if (codes.some((code) => row.text.startsWith(`${code} is `))) continue;
    const key = `${row.origin ?? ''} ${row.entity_id ?? row.item ?? ''} ${row.text}`;
    const known = lines.get(key);
    lines.set(key, { row: known?.row ?? row, times: (known?.times ?? 0) + 1 });
  }
  const all = [...lines.values()];
  const beganMs = Date.parse(incident.began);
  const isError = ({ row }: LoggedLine) => row.event !== 'warning';
  const apart = ({ row }: LoggedLine) => Math.abs(Date.parse(row.at) - beganMs);
  const warnings = all.filter((line) => !isError(line)).toSorted((one, other) => apart(one) - apart(other));
  const ranked = [...all.filter(isError), ...warnings].slice(0, most);
  return { selected: ranked.toSorted((one, other) => byTime(one.row, other.row)), omitted: all.length - ranked.length };
}

function byTime(one: TimelineRow, other: TimelineRow): number {
  return Date.parse(one.at) - Date.parse(other.at);
}
