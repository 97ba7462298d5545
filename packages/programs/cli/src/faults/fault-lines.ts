import type { FaultDetailResult } from '@medkit/contract';
import type { Threshold } from '@medkit/incidents/measured';
import { colorize } from '../terminal/colorize.ts';
import { plainLine } from '../terminal/display-width.ts';
import { formatBytes, formatTime } from '../terminal/format.ts';
import { type Screen, terminalScreen } from '../terminal/screen.ts';
import { valueLines } from '../terminal/value-lines.ts';
import { crossingLine, curveLines, measuredThresholds } from './measured-lines.ts';

/** A fault with its evidence as text. */
export function faultLines(detail: FaultDetailResult, screen: Screen = terminalScreen()): readonly string[] {
  const { item, environment_data: evidence, 'x-medkit': about } = detail;
  const records = evidence.extended_data_records;
  const facts: readonly (readonly [string, string | 0 | null | undefined])[] = [
    ['status', about?.status_raw ?? item.status.aggregatedStatus],
    ['severity', about?.severity_label ?? String(item.severity)],
    ['on', about?.entity_id ?? undefined],
    ['reported by', about?.reporting_sources?.join(', ')],
    ['still failing', about?.failing_sources?.join(', ')],
    ['last report', about?.latest_description],
    ['not running', about?.absent_sources?.join(', ')],
    ['first', records?.first_occurrence && formatTime(new Date(records.first_occurrence))],
    ['last', records?.last_occurrence && formatTime(new Date(records.last_occurrence))],
    ['confirmed', about?.confirmed_at && formatTime(new Date(about.confirmed_at * 1000))],
    ['healed', about?.healed_at && formatTime(new Date(about.healed_at * 1000))],
    ['cleared', clearedText(about)],
    ['times', about?.occurrence_count?.toString()],
    [about?.muted ? 'muted by' : 'symptom of', (about?.muted ?? about?.symptom_of)?.root_cause_code],
    ['missing', about?.missing_evidence ?? undefined],
  ];
  const known = facts.filter((fact): fact is [string, string] => Boolean(fact[1]));
  return [
    `${colorize(plainLine(item.code), 'bold')}   ${plainLine(item.fault_name ?? '')}`,
    ...known.map(([name, value]) => `  ${colorize(name.padEnd(14), 'dim')}${plainLine(value)}`),
    ...measuredThresholds(detail, about?.occurrence_count ?? 1).flatMap((measured) => thresholdLines(measured, screen)),
    ...(evidence.snapshots ?? []).flatMap(snapshotLines),
    ...(evidence.logs ?? []).flatMap(logLines),
  ];
}

function clearedText(about: FaultDetailResult['x-medkit']): string | undefined {
  if (!about?.cleared_at) return undefined;
  return `${formatTime(new Date(about.cleared_at * 1000))}${about.cleared_by ? ` by ${about.cleared_by}` : ''}`;
}

function thresholdLines(measured: Threshold, { columns, glyphs }: Screen): readonly string[] {
  const indent = '    ';
  const curve = curveLines(measured, { columns: columns - indent.length, glyphs });
  const holds = measured.blocksMotion
    ? `   ${colorize('blocks the motion of the robot while it lasts', 'yellow')}`
    : '';
  return ['', `  ${colorize(crossingLine(measured), 'cyan')}${holds}`, ...curve.map((line) => `${indent}${line}`)];
}

type Snapshot = NonNullable<FaultDetailResult['environment_data']['snapshots']>[number];
type LogWindow = NonNullable<FaultDetailResult['environment_data']['logs']>[number];

function snapshotLines(snapshot: Snapshot): readonly string[] {
  if (!('type' in snapshot)) return ['', '  evidence', ...valueLines(snapshot, '    ')];
  if (snapshot.type === 'rosbag') {
    const { bulk_data_uri, size_bytes, duration_sec, format } = snapshot;
    const what = `${format}, ${duration_sec.toFixed(1)} s, ${formatBytes(size_bytes)}`;
    return [
      '',
      `  ${colorize('recording', 'cyan')}   ${what}${capturedText(snapshot['x-medkit'])}`,
      `    ${plainLine(bulk_data_uri)}`,
    ];
  }
  const { name, data, 'x-medkit': from } = snapshot;
  const topic = from?.topic ? `   ${plainLine(from.topic)}` : '';
  const when = capturedText(from);
  if (name === 'history' && !from?.topic) return ['', `  ${colorize(name, 'cyan')}${when}`, ...historyLines(data)];
  return ['', `  ${colorize(plainLine(name), 'cyan')}${topic}${when}`, ...valueLines(data, '    ')];
}

/** History of each numeric field, one line each: first and last value, minimum and maximum. */
function historyLines(data: unknown): readonly string[] {
  return Object.entries((data ?? {}) as Readonly<Record<string, FieldHistory>>).map(([path, { history }]) => {
    // Nanosecond times exceed the precision of a double and arrive as bigint.
    const values = history.map(([, value]) => Number(value));
    const [from, to] = [history[0], history[history.length - 1]];
    const seconds = from && to ? Number(BigInt(to[0]) - BigInt(from[0])) / 1e9 : 0;
    const bounds = `${Math.min(...values)} to ${Math.max(...values)}`;
    return `    ${plainLine(path)}   ${from?.[1]} … ${to?.[1]}   ${bounds} in ${seconds.toFixed(1)} s, ${values.length} values`;
  });
}

interface FieldHistory {
  readonly history: readonly (readonly [timeNs: number | bigint, value: number | bigint])[];
}

/** Maximum number of log lines per occurrence; the last ones are closest to its effects. */
const MAX_LOG_LINES = 40;

function logLines({ occurrence, earlier_occurrence: earlier, items, omitted }: LogWindow): readonly string[] {
  const left = Math.max(0, items.length - MAX_LOG_LINES) + (omitted ?? 0);
  const of = earlier ? `   ${colorize(`of occurrence ${occurrence}`, 'yellow')}` : '';
  return [
    '',
    `  ${colorize('log', 'cyan')}${of}`,
    ...(left > 0 ? [`    # … ${left} more lines`] : []),
    ...items
      .slice(-MAX_LOG_LINES)
      .map(({ timestamp, severity, logger_name, message }) =>
        plainLine(`    ${formatTime(new Date(timestamp))}  ${severity.padEnd(7)}  ${logger_name}  ${message}`),
      ),
  ];
}

interface Captured {
  readonly captured_at: string;
  readonly occurrence?: number | null;
  readonly earlier_occurrence?: boolean | null;
}

/** Time of capture, and the occurrence if it is not the current one. */
function capturedText(from: Captured | null | undefined): string {
  if (!from) return '';
  const { captured_at: at, occurrence, earlier_occurrence: earlier } = from;
  const of = occurrence ? `of occurrence ${occurrence}` : 'of an earlier occurrence';
  return `   ${colorize(formatTime(new Date(at)), 'dim')}${earlier ? `   ${colorize(of, 'yellow')}` : ''}`;
}
