import { LOG_SEVERITIES, type LogSeverity } from '@medkit/contract';

/** One thing that was logged. */
export interface LogRecord {
  /** When, nanoseconds since the epoch, by the clock of whoever logged it: that of a simulation begins at 0. */
  readonly timestampNs: bigint;
  /** When it arrived, by our clock; absent where whoever logged it has the same. */
  readonly receivedNs?: bigint;
  readonly severity: LogSeverity;
  /** Name of the logger; of a node in a namespace `/arm/gripper_driver` or, as some write it, `arm.gripper_driver`. */
  readonly logger: string;
  readonly message: string;
  readonly function?: string;
  readonly file?: string;
  readonly line?: number;
}

/** When a record arrived, by the clock of this gateway: the time that filters and orders of lists go by. */
export function arrivalNs({ receivedNs, timestampNs }: Pick<LogRecord, 'receivedNs' | 'timestampNs'>): bigint {
  return receivedNs ?? timestampNs;
}

/** A record that is kept. */
export interface LogEntry extends LogRecord {
  /** Grows by one with every record that its gateway keeps, from 1. */
  readonly sequence: number;
}

const RANKS: ReadonlyMap<string, number> = new Map(LOG_SEVERITIES.map((severity, rank) => [severity, rank]));

/** How grave a severity is: greater is graver. */
export function severityRank(severity: LogSeverity): number {
  return RANKS.get(severity) ?? 0;
}

/** True for the name of a severity, in lower case. */
export function isLogSeverity(text: string): text is LogSeverity {
  return RANKS.has(text);
}
