import { LOCAL } from '@medkit/core';
import type { Occurrence } from '../occurrence/occurrence.ts';

/** 2026-03-23T02:14:00Z */
export const NIGHT_MS = Date.UTC(2026, 2, 23, 2, 14);

/** Creates an active occurrence that began `afterSec` into the night; `more` overrides the defaults. */
export function occurrence(code: string, afterSec: number, more: Partial<Occurrence> = {}): Occurrence {
  const beganMs = NIGHT_MS + Math.round(afterSec * 1000);
  return {
    origin: LOCAL,
    code,
    number: 1,
    sequence: Math.round(afterSec * 10) + 1,
    description: `${code} came`,
    severity: 2,
    entity: { type: 'app', id: code.toLowerCase() },
    beganMs,
    startedMs: beganMs,
    reportedMs: beganMs,
    recordings: [],
    related: [],
    ...more,
  };
}

/** Returns the occurrence, healed `sec` after its start. */
export function healed(one: Occurrence, sec: number): Occurrence {
  return { ...one, healedMs: one.beganMs + sec * 1000 };
}
