import type { LogEntry as LogItem } from '@medkit/contract';
import { type LogEntry, loggerPath } from '@medkit/core';
import { isoTime } from '../values/iso-time.ts';

/**
 * Converts an entry to a list item with both names of its fields that clients use: `severity` and `context`, `level`
 * and `logger_name`.
 */
export function logItem(entry: LogEntry): LogItem {
  const { sequence, timestampNs, receivedNs, severity, logger, message, function: from, file, line } = entry;
  return {
    id: `log_${sequence}`,
    timestamp: isoTime(timestampNs),
    ...(receivedNs !== undefined && { received_at: isoTime(receivedNs) }),
    severity,
    level: severity.toUpperCase(),
    message,
    logger_name: loggerPath(logger),
    context: {
      node: logger.startsWith('/') ? logger.slice(1) : logger,
      ...(from && { function: from }),
      ...(file && { file }),
      ...(line && { line }),
    },
  };
}
