import type { LogEntry } from '@medkit/contract';
import { SEVERITIES } from './log-severity.ts';

/** A line of a followed log. `key` is unique even across restarts of the gateway, which restart the ids at one. */
export interface LogLine {
  readonly key: string;
  readonly run: number;
  readonly entry: LogEntry;
}

/** Maximum lines in memory; older lines are reached by a time filter. */
export const MAX_LINES = 2000;

const numberOf = ({ id }: LogEntry): number => Number(id.replace(/^.*_/, ''));

/** Appends new lines, newest last. Drops the oldest lines beyond the limit. */
export function appendLines(lines: readonly LogLine[], entries: readonly LogEntry[]): readonly LogLine[] {
  const [first] = entries;
  if (first === undefined) return lines;
  const last = lines.at(-1);
  const isNewStart = last !== undefined && numberOf(first) <= numberOf(last.entry);
  const run = (last?.run ?? 0) + (isNewStart ? 1 : 0);
  const added = entries.map((entry) => ({ key: `${run}/${entry.id}`, run, entry }));
  return [...lines, ...added].slice(-MAX_LINES);
}

/** Filter of log lines. */
export interface LogFilter {
  readonly severity: string;
  /** Id of an app. */
  readonly entity: string;
  readonly q: string;
}

/**
 * Returns the lines with at least the severity, of the app, and with all words of `q`. `appOf` maps a logger to its
 * app.
 */
export function matchingLines(
  lines: readonly LogLine[],
  { severity, entity, q }: LogFilter,
  appOf: (logger: string) => string | undefined,
): readonly LogLine[] {
  const least = (SEVERITIES as readonly string[]).indexOf(severity);
  const terms = q.toLowerCase().split(/\s+/).filter(Boolean);
  return lines.filter(({ entry }) => {
    const level = (SEVERITIES as readonly string[]).indexOf(entry.severity);
    if (least > 0 && level >= 0 && level < least) return false;
    const logger = entry.logger_name ?? '';
    if (entity !== '' && appOf(logger) !== entity) return false;
    const text = terms.length === 0 ? '' : `${entry.message}\n${logger}`.toLowerCase();
    return terms.every((word) => text.includes(word));
  });
}

interface ListedApp {
  readonly id: string;
  readonly 'x-medkit'?: unknown;
}

/**
 * Returns a function that maps a logger to an app: the app of its node, or of the parent node of a logger such as
 * `arm.gripper`.
 */
export function appsByLogger(apps: readonly ListedApp[]): (logger: string) => string | undefined {
  const ids = new Map<string, string>();
  for (const app of apps) {
    const node: unknown = Object(Object(app['x-medkit']).ros2).node;
    if (typeof node === 'string') ids.set(node, app.id);
  }
  return (logger) => ids.get(logger) ?? ids.get(logger.split('.', 1)[0] ?? '');
}
