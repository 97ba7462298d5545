import type {
  FaultDifference,
  FolderRecord,
  IncidentDifference,
  NotificationDifference,
  ReplayResult,
} from '@medkit/gateway/replay';
import { plainLine } from '../terminal/display-width.ts';
import { formatOffset, formatTime } from '../terminal/format.ts';
import { table } from '../terminal/table.ts';

export interface ReplayAbout {
  readonly changes: readonly string[];
  readonly folder: string;
}

/** Maximum rows of a table; the rest is only counted. */
const MAX_ROWS = 50;

const FAULT_CHANGES: Readonly<Record<FaultDifference['is'], string>> = {
  more: 'additional fault',
  fewer: 'no longer a fault',
  earlier: 'confirmed earlier',
  later: 'confirmed later',
  ends_earlier: 'ends earlier',
  ends_later: 'ends later',
  muted: 'hidden as a symptom',
  unmuted: 'no longer hidden',
};
const INCIDENT_CHANGES: Readonly<Record<IncidentDifference['is'], string>> = {
  more: 'additional incident',
  fewer: 'no longer an incident',
  regrouped: 'grouped differently',
};

export const timeText = (ms: number | null): string => (ms === null ? 'never' : formatTime(new Date(ms)));

/** Formats the result as tables with a summary. */
export function replayLines(record: FolderRecord, result: ReplayResult, about: ReplayAbout): readonly string[] {
  return [
    recordLine(record, about),
    ...differenceTables(result),
    '',
    ...summaryLines(result),
    ...remarkLines(record, result),
  ];
}

/** Formats the differences of faults, incidents and notifications as tables, each after an empty line. */
export function differenceTables({ difference }: Pick<ReplayResult, 'difference'>): readonly string[] {
  const { faults, incidents, notifications } = difference;
  const lines: string[] = [];
  if (faults.length > 0) lines.push('', faultTable(faults));
  if (incidents.length > 0) lines.push('', incidentTable(incidents));
  if (notifications.length > 0) lines.push('', notificationTable(notifications));
  return lines;
}

function recordLine({ events }: FolderRecord, { folder }: ReplayAbout): string {
  const [first, last] = [events[0], events.at(-1)];
  if (first === undefined || last === undefined) return plainLine(`${folder} has no recorded reports yet.`);
  const [from, to] = [first, last].map(({ timeNs }) => timeText(Number(timeNs / 1_000_000n)));
  return plainLine(`${folder}: ${events.length} recorded events from ${from} to ${to}`);
}

/** Formats a table of at most `MAX_ROWS` rows. */
export function limitedTable<Item>(
  all: readonly Item[],
  row: (item: Item) => readonly string[],
  head: readonly string[],
): string {
  const rest = all.length - MAX_ROWS;
  const text = table(head, all.slice(0, MAX_ROWS).map(row));
  return rest > 0 ? `${text}\n… and ${rest} more; --json prints all` : text;
}

function faultTable(faults: readonly FaultDifference[]): string {
  return limitedTable(
    faults,
    ({ is, code, beforeMs, afterMs }) => {
      const shift =
        beforeMs !== null && afterMs !== null && beforeMs !== afterMs ? formatOffset(afterMs - beforeMs) : '';
      return [code, FAULT_CHANGES[is], timeText(beforeMs), timeText(afterMs), shift];
    },
    ['FAULT', 'CHANGE', 'NOW', 'WITH THE CHANGE', 'SHIFT'],
  );
}

function incidentTable(incidents: readonly IncidentDifference[]): string {
  const text = (all: IncidentDifference['before']) => all.map(({ codes }) => codes.join(', ')).join(' | ') || 'none';
  return limitedTable(
    incidents,
    ({ is, before, after }) => [
      timeText((before[0] ?? after[0])!.beganMs),
      INCIDENT_CHANGES[is],
      text(before),
      text(after),
    ],
    ['BEGAN', 'CHANGE', 'NOW', 'WITH THE CHANGE'],
  );
}

function notificationTable(notifications: readonly NotificationDifference[]): string {
  return limitedTable(
    notifications,
    ({ receiver, kind, root, before, after }) => [receiver, kind, root, String(before), String(after)],
    ['RECEIVER', 'NOTIFICATION', 'ROOT FAULT', 'NOW', 'WITH THE CHANGE'],
  );
}

/** Formats the numbers of faults, incidents and notifications with both sets of rules. */
export function summaryLines({
  before,
  after,
  difference: { faults, incidents, notifications },
}: ReplayResult): string[] {
  if (faults.length + incidents.length + notifications.length === 0) {
    return ['Nothing would have been different.'];
  }
  const counts = Object.entries(FAULT_CHANGES).flatMap(([is, text]) => {
    const count = faults.filter((each) => each.is === is).length;
    return count === 0 ? [] : [`${count} ${text}`];
  });
  const confirmed = (outcome: ReplayResult['before']) =>
    outcome.faults.occurrences.filter(({ confirmedAtNs }) => confirmedAtNs !== 0n).length;
  return [
    `Faults: ${confirmed(before)} now, ${confirmed(after)} with the change${counts.length > 0 ? ` (${counts.join(', ')})` : ''}.`,
    `Incidents: ${before.incidents.length} now, ${after.incidents.length} with the change.`,
    `Notifications: ${before.notifications.length} now, ${after.notifications.length} with the change.`,
  ];
}

function remarkLines({ damaged, isCut }: FolderRecord, { deviations }: ReplayResult): readonly string[] {
  const codes = [...new Set(deviations.map(({ code }) => code))];
  return [
    ...(codes.length > 0
      ? [
          `Caution: with the rules in use, the replay differs from what the gateway stored for ${codes.slice(0, 5).join(', ')}${codes.length > 5 ? ` and ${codes.length - 5} more` : ''}.`,
          'The gateway used other rules at that time. Name the configuration of that time with --config.',
        ].map(plainLine)
      : []),
    ...(damaged > 0 ? [`${damaged} rows of the record are damaged and were left out.`] : []),
    ...(isCut ? ['The record has more events than one replay runs: the oldest were left out.'] : []),
    'Not evaluated: triggers and fault triggers. Values are in recordings only; name them with --bag.',
  ];
}

/** Formats the result as JSON, with times in ISO 8601. */
export function replayJson(record: FolderRecord, result: ReplayResult, about: ReplayAbout): string {
  const eventTime = (at: number) => {
    const timeNs = record.events.at(at)?.timeNs;
    return timeNs === undefined ? null : iso(Number(timeNs / 1_000_000n));
  };
  const value = {
    data_dir: about.folder,
    changes: about.changes,
    events: record.events.length,
    from: eventTime(0),
    to: eventTime(-1),
    damaged_rows: record.damaged,
    is_cut: record.isCut,
    ...differenceJson(result),
    deviations: result.deviations.map(({ code, number }) => ({ code, occurrence: number })),
    not_evaluated: ['triggers', 'fault_triggers'],
  };
  return JSON.stringify(value, undefined, 2);
}

const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

/** Returns the differences of faults, incidents and notifications, with times in ISO 8601. */
export function differenceJson({ difference }: Pick<ReplayResult, 'difference'>) {
  const incident = ({ beganMs, codes }: IncidentDifference['before'][number]) => ({ began: iso(beganMs), codes });
  return {
    faults: difference.faults.map(({ is, code, beforeMs, afterMs }) => ({
      is,
      code,
      before: iso(beforeMs),
      after: iso(afterMs),
    })),
    incidents: difference.incidents.map(({ is, before, after }) => ({
      is,
      before: before.map(incident),
      after: after.map(incident),
    })),
    notifications: difference.notifications,
  };
}
