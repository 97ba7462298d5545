import { texts } from '../texts/texts.ts';
import { severityLevel } from './log-severity.ts';

/** What a severity of the log is called; a word that nobody knows stays as it is. */
export function severityInWords(severity: string): string {
  const words = texts.logs.severities as Readonly<Record<string, string>>;
  return Object.hasOwn(words, severity) ? words[severity]! : severity;
}

/** How grave a log line is, by sign and word. */
export function LogSeverity({ severity }: { readonly severity: string }) {
  const level = severityLevel(severity);
  const quiet = severity === 'debug' || severity === 'info' ? ' log-quiet' : '';
  return (
    <span className={`log-severity log-level-${level}${quiet} severity-${level}`}>{severityInWords(severity)}</span>
  );
}
