import { type LogSeverity, VERSION } from '@medkit/contract';
import { arrivalNs, type LogEntry, loggerPath } from '@medkit/core';
import { type LogSink, type SinkTarget, type Verdict, verdictOfStatus } from './log-sink.ts';

/** SeverityNumber of the OpenTelemetry log data model. */
const SEVERITY_NUMBERS: Readonly<Record<LogSeverity, number>> = {
  debug: 5,
  info: 9,
  warning: 13,
  error: 17,
  fatal: 21,
};

/** The only statuses after which OTLP allows a retry (OTLP 1.x, "Retryable Response Codes"). */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);

type Attribute = { readonly key: string; readonly value: Readonly<Record<string, string>> };

/** An OpenTelemetry collector, or any receiver of OTLP over HTTP with JSON. Every node is a service of the robot. */
export function otlpSink(target: SinkTarget): LogSink {
  const { url, headers } = target;
  return {
    name: 'otlp',
    origin: new URL(url).origin,
    request: (entries) => ({
      url,
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: JSON.stringify({ resourceLogs: resourceLogs(entries, target) }),
    }),
    verdict: (reply, entries) => {
      const verdict = verdictOfStatus(reply, entries, (status) => RETRYABLE.has(status));
      return verdict.reason === undefined ? partialSuccess(reply.body) : verdict;
    },
  };
}

function resourceLogs(entries: readonly LogEntry[], { robot, labels, bootId, entityOf }: SinkTarget) {
  const byLogger = Map.groupBy(entries, ({ logger }) => loggerPath(logger));
  return [...byLogger].map(([path, logged]) => ({
    resource: {
      attributes: [
        text('service.name', path),
        text('service.instance.id', bootId),
        text('robot.id', robot),
        text('sovd.entity.id', entityOf(path)),
        ...Object.entries(labels).map(([name, value]) => text(name, value)),
      ],
    },
    scopeLogs: [{ scope: { name: 'medkit', version: VERSION }, logRecords: logged.map(logRecord) }],
  }));
}

/** Converts an entry to a LogRecord in OTLP JSON, where 64-bit integers are strings. */
function logRecord(entry: LogEntry) {
  const { sequence, timestampNs, severity, message, function: from, file, line } = entry;
  return {
    timeUnixNano: `${timestampNs > 0n ? timestampNs : 0n}`,
    observedTimeUnixNano: `${arrivalNs(entry)}`,
    severityNumber: SEVERITY_NUMBERS[severity],
    severityText: severity.toUpperCase(),
    body: { stringValue: message },
    attributes: [
      text('log.record.uid', `log_${sequence}`),
      ...(from ? [text('code.function.name', from)] : []),
      ...(file ? [text('code.file.path', file)] : []),
      ...(line ? [{ key: 'code.line.number', value: { intValue: `${line}` } }] : []),
    ],
  };
}

function text(key: string, stringValue: string): Attribute {
  return { key, value: { stringValue } };
}

/** A collector may accept a request but reject some of its records. A retry does not help these. */
function partialSuccess(body: string): Verdict {
  const [, rejected = '0'] = /"rejectedLogRecords"\s*:\s*"?(\d{1,9})/.exec(body) ?? [];
  const refused = Number(rejected);
  return { retry: [], refused, ...(refused > 0 && { reason: `${refused} records rejected` }) };
}
