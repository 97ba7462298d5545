import type { LogSeverity as LogSeverityName } from '@medkit/contract';
import { SEVERITIES, severityLevel } from './log-severity.ts';
import { logTexts } from './texts.ts';

/** Returns the label of a log severity; unknown values are returned unchanged. */
export function severityLabel(severity: string): string {
  const labels = logTexts.severities as Readonly<Record<string, string>>;
  return Object.hasOwn(labels, severity) ? labels[severity]! : severity;
}

/** The severity of a log line as symbol and word. */
export function LogSeverity({ severity }: { readonly severity: string }) {
  const level = severityLevel(severity);
  const quiet = severity === 'debug' || severity === 'info' ? ' log-quiet' : '';
  return <span className={`log-severity log-level-${level}${quiet} severity-${level}`}>{severityLabel(severity)}</span>;
}

interface SeveritySelectProps {
  readonly label: string;
  readonly value: string;
  readonly onChoose: (severity: LogSeverityName) => void;
}

/** A select with all severities of log entries, its label before it. */
export function SeveritySelect({ label, value, onChoose }: SeveritySelectProps) {
  return (
    <label className="row">
      <span className="soft">{label}</span>
      <select value={value} onChange={(event) => onChoose(event.target.value as LogSeverityName)}>
        {SEVERITIES.map((name) => (
          <option key={name} value={name}>
            {severityLabel(name)}
          </option>
        ))}
      </select>
    </label>
  );
}
