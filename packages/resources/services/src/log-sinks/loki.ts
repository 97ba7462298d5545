import type { LogEntry } from '@medkit/core';
import { type LogSink, type SinkTarget, verdictOfStatus } from './log-sink.ts';

/**
 * Grafana Loki by its push API. A stream is one severity of one entity, since every label more multiplies the streams;
 * the rest is in the line, as JSON, which any version of Loki takes.
 */
export function lokiSink(target: SinkTarget): LogSink {
  const { url, headers } = target;
  return {
    name: 'loki',
    origin: new URL(url).origin,
    request: (entries) => ({
      url,
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: JSON.stringify({ streams: streams(entries, target) }),
    }),
    verdict: verdictOfStatus,
  };
}

function streams(entries: readonly LogEntry[], { robot, labels, bootId, entityOf }: SinkTarget) {
  const groups = Map.groupBy(entries, ({ logger, severity }) => `${severity} ${logger}`);
  return [...groups.values()].map((logged) => {
    const [{ severity, logger }] = logged as [LogEntry];
    return {
      stream: { ...labels, robot, entity: entityOf(logger), severity },
      values: logged.map((entry) => [`${entry.timestampNs}`, line(entry, bootId)]),
    };
  });
}

function line({ sequence, logger, message, function: from, file, line }: LogEntry, boot_id: string): string {
  return JSON.stringify({ message, logger, id: `log_${sequence}`, boot_id, function: from, file, line });
}
