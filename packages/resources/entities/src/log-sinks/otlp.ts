import { type LogSeverity, VERSION } from '@medkit/contract';
import { arrivalNs, type LogEntry, loggerPath, traceContextOf } from '@medkit/core';
import { type LogSink, logCharacters, type SinkTarget } from './log-sink.ts';
import { intAttribute, otlpVerdict, textAttribute } from './otlp-protocol.ts';

/** SeverityNumber of the OpenTelemetry log data model. */
const SEVERITY_NUMBERS: Readonly<Record<LogSeverity, number>> = {
  debug: 5,
  info: 9,
  warning: 13,
  error: 17,
  fatal: 21,
};

/** An OpenTelemetry collector, or any receiver of OTLP over HTTP with JSON. Every node is a service of the robot. */
export function otlpSink(target: SinkTarget): LogSink {
  const { url, headers } = target;
  return {
    name: 'otlp',
    title: 'Log sink otlp',
    origin: new URL(url).origin,
    request: (entries) => ({
      url,
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: JSON.stringify({ resourceLogs: resourceLogs(entries, target) }),
    }),
    verdict: (reply, entries) => otlpVerdict(reply, entries, 'rejectedLogRecords'),
    charactersOf: logCharacters,
  };
}

function resourceLogs(entries: readonly LogEntry[], { robot, labels, bootId, entityOf }: SinkTarget) {
  const byLogger = Map.groupBy(entries, ({ logger }) => loggerPath(logger));
  return [...byLogger].map(([path, logged]) => ({
    resource: {
      attributes: [
        textAttribute('service.name', path),
        textAttribute('service.instance.id', bootId),
        textAttribute('robot.id', robot),
        textAttribute('sovd.entity.id', entityOf(path)),
        ...Object.entries(labels).map(([name, value]) => textAttribute(name, value)),
      ],
    },
    scopeLogs: [{ scope: { name: 'medkit', version: VERSION }, logRecords: logged.map(logRecord) }],
  }));
}

/** Converts an entry to a LogRecord in OTLP JSON, where 64-bit integers are strings. */
function logRecord(entry: LogEntry) {
  const { sequence, timestampNs, severity, message, function: from, file, line } = entry;
  const trace = traceContextOf(entry.traceparent);
  return {
    timeUnixNano: `${timestampNs > 0n ? timestampNs : 0n}`,
    observedTimeUnixNano: `${arrivalNs(entry)}`,
    severityNumber: SEVERITY_NUMBERS[severity],
    severityText: severity.toUpperCase(),
    body: { stringValue: message },
    attributes: [
      textAttribute('log.record.uid', `log_${sequence}`),
      ...(from ? [textAttribute('code.function.name', from)] : []),
      ...(file ? [textAttribute('code.file.path', file)] : []),
      ...(line ? [intAttribute('code.line.number', line)] : []),
    ],
    ...(trace && { traceId: trace.traceId, spanId: trace.spanId, flags: trace.isSampled ? 1 : 0 }),
  };
}
