import { LOG_SEVERITIES, type LogSeverity } from '@medkit/contract';

/** Writes a line to the operator's log. `traceparent` is the context of the trace that the line belongs to, if known. */
export type Log = (level: 'info' | 'warn' | 'error', message: string, traceparent?: string) => void;

/** A log record as a runtime reports it. */
export interface LogRecord {
  /**
   * Time of the record by the clock of the logging process, nanoseconds since the epoch. A simulated clock starts at 0.
   */
  readonly timestampNs: bigint;
  /** Time of arrival by the clock of this gateway. Absent if the logging process uses the same clock. */
  readonly receivedNs?: bigint;
  readonly severity: LogSeverity;
  /**
   * Name of the logger. The logger of a node in a namespace is `/arm/gripper_driver` or, with some clients,
   * `arm.gripper_driver`.
   */
  readonly logger: string;
  readonly message: string;
  readonly function?: string;
  readonly file?: string;
  readonly line?: number;
  /** W3C trace context of what the logging process did, such as a request to this gateway. */
  readonly traceparent?: string;
}

/**
 * Returns the time at which a record arrived, by the clock of this gateway. Filters and sorting of lists use this time.
 */
export function arrivalNs({ receivedNs, timestampNs }: Pick<LogRecord, 'receivedNs' | 'timestampNs'>): bigint {
  return receivedNs ?? timestampNs;
}

/** A stored log record. */
export interface LogEntry extends LogRecord {
  /** Increases by one with every record that the gateway stores, from 1. */
  readonly sequence: number;
}

const RANKS: ReadonlyMap<string, number> = new Map(LOG_SEVERITIES.map((severity, rank) => [severity, rank]));

/** Returns the rank of a severity; more severe means higher. */
export function severityRank(severity: LogSeverity): number {
  return RANKS.get(severity) ?? 0;
}

/** Returns whether the text is the name of a severity in lower case. */
export function isLogSeverity(text: string): text is LogSeverity {
  return RANKS.has(text);
}
