import type { LogEntry as LogItem } from '@medkit/contract';
import { type LogEntry, loggerFqn } from '@medkit/core';

/** An entry in both shapes that clients know: `severity` and `context`, `level` and `logger_name`. */
export function logItem(entry: LogEntry): LogItem {
  const { sequence, timestampNs, severity, logger, message, function: from, file, line } = entry;
  return {
    id: `log_${sequence}`,
    timestamp: isoTime(timestampNs),
    severity,
    level: severity.toUpperCase(),
    message,
    logger_name: loggerFqn(logger),
    context: {
      node: logger.startsWith('/') ? logger.slice(1) : logger,
      ...(from && { function: from }),
      ...(file && { file }),
      ...(line && { line }),
    },
  };
}

const NS_PER_S = 1_000_000_000n;

/** `2026-03-23T02:14:33.000000000Z`: UTC with all nine decimals. */
export function isoTime(ns: bigint): string {
  const seconds = ns / NS_PER_S - (ns % NS_PER_S < 0n ? 1n : 0n);
  const decimals = (ns - seconds * NS_PER_S).toString().padStart(9, '0');
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, -'.000Z'.length)}.${decimals}Z`;
}
