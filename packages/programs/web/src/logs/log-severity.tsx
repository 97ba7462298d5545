import { texts } from '../texts/texts.ts';

/** Which severity of a fault a line is as grave as: its colour. */
const LEVELS: Readonly<Record<string, number>> = { debug: 0, info: 0, warning: 1, error: 2, fatal: 3 };

/** How grave a log line is, by sign and word. */
export function LogSeverity({ severity }: { readonly severity: string }) {
  const isKnown = Object.hasOwn(LEVELS, severity);
  const words = texts.logs.severities as Readonly<Record<string, string>>;
  const level = isKnown ? LEVELS[severity] : 0;
  const quiet = severity === 'debug' || severity === 'info' ? ' log-quiet' : '';
  return (
    <span className={`log-severity log-level-${level}${quiet} severity-${level}`}>
      {isKnown ? words[severity] : severity}
    </span>
  );
}
