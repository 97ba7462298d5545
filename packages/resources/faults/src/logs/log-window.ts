import type { LogExcerpt } from '@medkit/core';
import type { LogLine } from './log-source.ts';

/** Maximum lines of one window, and maximum characters of their messages. */
export const MAX_WINDOW_LINES = 200;
export const MAX_WINDOW_CHARACTERS = 65_536;

/** The log lines around the confirmation of a fault. A window that ends early was cut by a shutdown of medkit. */
export interface LogWindow extends LogExcerpt {
  readonly faultCode: string;
}

/**
 * Selects the lines that fit, sorted by time, and counts the omitted ones. Warnings and worse take precedence, then the
 * lines nearest to `atNs`.
 */
export function selectLines(lines: readonly LogLine[], atNs: bigint): Pick<LogWindow, 'lines' | 'omitted'> {
  const distance = ({ atNs: ns }: LogLine): bigint => (ns > atNs ? ns - atNs : atNs - ns);
  const ranked = lines.map((line) => ({ line, isGrave: GRAVE.has(line.severity), distance: distance(line) }));
  ranked.sort((a, b) => Number(b.isGrave) - Number(a.isGrave) || (a.distance < b.distance ? -1 : 1));
  let room = MAX_WINDOW_CHARACTERS;
  const selected = ranked.slice(0, MAX_WINDOW_LINES).flatMap(({ line }) => {
    room -= line.message.length + line.logger.length;
    return room >= 0 ? [line] : [];
  });
  selected.sort((a, b) => (a.atNs < b.atNs ? -1 : a.atNs > b.atNs ? 1 : 0));
  return { lines: selected, omitted: lines.length - selected.length };
}

const GRAVE: ReadonlySet<string> = new Set(['warning', 'error', 'fatal']);
