import type { Cell } from '../terminal/table.ts';

const COLOURS = { INFO: 'cyan', WARN: 'yellow', ERROR: 'red', CRITICAL: 'red', UNKNOWN: 'dim' } as const;

/** How grave a fault is, in its colour. */
export function severityCell(label: string | null | undefined): Cell {
  const text = label ?? 'UNKNOWN';
  return { text, colour: COLOURS[text as keyof typeof COLOURS] ?? 'dim' };
}
