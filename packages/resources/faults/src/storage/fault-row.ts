import { type Fault, type FaultCondition, type FaultReporter, isFaultStatus, type SourceResult } from '@medkit/core';
import type { Row, SqlValue, Statement } from '@medkit/store';
import { isSeverity, SEVERITY } from '../fault/severity.ts';

/** Returns the statement that writes a complete fault, replacing the stored one. */
export function putFault(fault: Fault): Statement {
  return {
    sql: `INSERT INTO faults
            (fault_code, severity, description, first_occurred_ns, last_occurred_ns, occurrence_count, status,
             reporting_sources, debounce_counter, last_failed_ns, last_passed_ns, confirmed_at_ns,
             healed_at_ns, cleared_at_ns, cleared_by, reporters, latest_description, conditions, source_results)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (fault_code) DO UPDATE SET
            severity = excluded.severity, description = excluded.description,
            first_occurred_ns = excluded.first_occurred_ns, last_occurred_ns = excluded.last_occurred_ns,
            occurrence_count = excluded.occurrence_count, status = excluded.status,
            reporting_sources = excluded.reporting_sources, debounce_counter = excluded.debounce_counter,
            last_failed_ns = excluded.last_failed_ns, last_passed_ns = excluded.last_passed_ns,
            confirmed_at_ns = excluded.confirmed_at_ns, healed_at_ns = excluded.healed_at_ns,
            cleared_at_ns = excluded.cleared_at_ns, cleared_by = excluded.cleared_by,
            reporters = excluded.reporters, latest_description = excluded.latest_description,
            conditions = excluded.conditions, source_results = excluded.source_results`,
    parameters: [
      fault.code,
      fault.severity,
      fault.description,
      fault.firstOccurredNs,
      fault.lastOccurredNs,
      fault.occurrenceCount,
      fault.status,
      JSON.stringify(fault.sources),
      fault.counter,
      fault.lastOccurredNs,
      fault.lastPassedNs,
      fault.confirmedAtNs,
      fault.healedAtNs,
      fault.clearedAtNs,
      fault.clearedBy,
      fault.reporters ? JSON.stringify(fault.reporters) : null,
      fault.latestDescription ?? null,
      fault.conditions ? JSON.stringify(fault.conditions) : null,
      fault.sourceResults ? JSON.stringify(fault.sourceResults) : null,
    ],
  };
}

/** Converts a column of nanoseconds. */
export const nanoseconds = (value: SqlValue): bigint => BigInt(value as number | bigint);

/** Parses the texts of a JSON array; returns `undefined` for anything else. */
export function sourcesOf(text: string): readonly string[] | undefined {
  return listOf(text)?.filter((source) => typeof source === 'string');
}

/** Parses the known reporters; earlier releases stored none. */
function reportersOf(text: SqlValue): readonly FaultReporter[] {
  const isReporter = (each: unknown): each is FaultReporter =>
    typeof (each as Partial<FaultReporter> | null)?.runtime === 'string' &&
    typeof (each as FaultReporter).source === 'string';
  return text === null ? [] : (listOf(String(text))?.filter(isReporter) ?? []);
}

/** Parses the conditions that raised a fault; earlier releases stored none. */
function conditionsOf(text: SqlValue): readonly FaultCondition[] {
  const isCondition = (each: unknown): each is FaultCondition =>
    typeof (each as Partial<FaultCondition> | null)?.key === 'string' &&
    typeof (each as FaultCondition).failing === 'boolean';
  return text === null ? [] : (listOf(String(text))?.filter(isCondition) ?? []);
}

/** Parses the latest report of each source; `undefined` in rows of earlier releases. */
function sourceResultsOf(text: SqlValue): readonly SourceResult[] | undefined {
  const isResult = (each: unknown): each is SourceResult =>
    typeof (each as Partial<SourceResult> | null)?.source === 'string' &&
    typeof (each as SourceResult).failing === 'boolean';
  return text === null ? undefined : listOf(String(text))?.filter(isResult);
}

function listOf(text: string): readonly unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Converts a row to a fault, or returns the problem of a damaged row. */
export function faultOf(row: Row): Fault | string {
  const code = String(row.fault_code);
  const status = String(row.status);
  const severity = Number(row.severity);
  const sources = sourcesOf(String(row.reporting_sources));
  if (!isFaultStatus(status)) return `fault ${code} has the unknown status ${status}`;
  if (sources === undefined) return `fault ${code} has no list of sources`;
  const reporters = reportersOf(row.reporters);
  const conditions = conditionsOf(row.conditions);
  const sourceResults = sourceResultsOf(row.source_results);
  return {
    code,
    severity: isSeverity(severity) ? severity : SEVERITY.CRITICAL,
    description: String(row.description),
    ...(row.latest_description !== null && { latestDescription: String(row.latest_description) }),
    status,
    counter: Number(row.debounce_counter),
    occurrenceCount: Number(row.occurrence_count),
    sources,
    ...(reporters.length > 0 && { reporters }),
    ...(conditions.length > 0 && { conditions }),
    ...(sourceResults && { sourceResults }),
    firstOccurredNs: nanoseconds(row.first_occurred_ns),
    lastOccurredNs: nanoseconds(row.last_occurred_ns),
    lastPassedNs: nanoseconds(row.last_passed_ns),
    confirmedAtNs: nanoseconds(row.confirmed_at_ns),
    healedAtNs: nanoseconds(row.healed_at_ns),
    clearedAtNs: nanoseconds(row.cleared_at_ns),
    clearedBy: String(row.cleared_by),
  };
}
