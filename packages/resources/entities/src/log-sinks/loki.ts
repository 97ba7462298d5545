import { arrivalNs, type LogEntry } from '@medkit/core';
import { type LogSink, logCharacters, type SinkTarget, verdictOfStatus } from './log-sink.ts';

/**
 * Grafana Loki with its push API. A stream is one severity of one entity, since every further label multiplies the
 * streams. All other fields are JSON in the line, which every Loki version accepts. The timestamp is the arrival time,
 * because Loki rejects the times of a simulated clock as too old.
 */
export function lokiSink(target: SinkTarget): LogSink {
  const { url, headers } = target;
  return {
    name: 'loki',
    title: 'Log sink loki',
    charactersOf: logCharacters,
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
      values: logged.map((entry) => [`${arrivalNs(entry)}`, line(entry, bootId)]),
    };
  });
}

function line(entry: LogEntry, boot_id: string): string {
  const { sequence, logger, message, function: from, file, line, timestampNs, receivedNs } = entry;
  const logged_ns = receivedNs === undefined ? undefined : String(timestampNs);
  return JSON.stringify({ message, logger, id: `log_${sequence}`, boot_id, logged_ns, function: from, file, line });
}
