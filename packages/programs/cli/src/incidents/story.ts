import type { IncidentDetail, IncidentFault, TimelineRow } from '@medkit/contract';
import type { Threshold } from '@medkit/incidents/measured';

/** What somebody is told who wants to know why a robot stands. */
export interface Story {
  readonly incident: IncidentDetail;
  /** The value that went through a threshold, with the fault whose evidence has it. */
  readonly measured?: { readonly of: IncidentFault; readonly threshold: Threshold };
  /** What people did before it began, the latest last. */
  readonly people: readonly TimelineRow[];
  /** What was logged around it, warnings and worse, the earliest first. */
  readonly logs: readonly TimelineRow[];
  /** What could not be had, and why. */
  readonly missing: readonly string[];
  /** By the clock of the gateway, milliseconds since 1970. */
  readonly nowMs: number;
}

/** Lines of the log that are one after another the same, but for their time. */
export interface LoggedLine {
  readonly row: TimelineRow;
  readonly times: number;
}

/** So close behind the root something may still have been its reason: clocks of gateways are known so far only. */
const SLACK_MS = 2000;

/** What people did that may have led to it: what was done, not what was refused. Those with a value before and after count most. */
export function changesBefore({ incident, people }: Pick<Story, 'incident' | 'people'>, most: number) {
  const untilMs = Date.parse(incident.began) + SLACK_MS;
  const done = people.filter(({ at, outcome }) => Date.parse(at) <= untilMs && (outcome ?? 'done') === 'done');
  const isChange = ({ from, to }: TimelineRow) => (from ?? to ?? undefined) !== undefined;
  const ranked = [...done.filter((row) => !isChange(row)), ...done.filter(isChange)].slice(-most);
  return { shown: ranked.toSorted(byTime), left: done.length - ranked.length };
}

/** The lines that tell most, each text once: errors, then warnings that came closest to where it began. */
export function telling({ incident, logs }: Pick<Story, 'incident' | 'logs'>, most: number) {
  const codes = incident.faults.map(({ fault_code }) => fault_code);
  const lines = new Map<string, LoggedLine>();
  for (const row of logs) {
    // That a fault came is told already.
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
  return { shown: ranked.toSorted((one, other) => byTime(one.row, other.row)), left: all.length - ranked.length };
}

function byTime(one: TimelineRow, other: TimelineRow): number {
  return Date.parse(one.at) - Date.parse(other.at);
}
