import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Hours, parseWeeklyHours } from '@medkit/core';
import { gatekeeper } from './gate.ts';

const at = (text: string) => Date.parse(text);
const hours = (text: string) => parseWeeklyHours(text) as Hours;

describe('the gate of a receiver', () => {
  const day = { hours: [hours('06:00-22:00')], quiet: [hours('20:00-07:00')], zone: 'UTC', breaksQuiet: 3 };
  const gate = gatekeeper(day);
  const TABLE: readonly (readonly [string, number, string, string])[] = [
    ['2026-03-23T05:00:00Z', 3, 'off duty', '2026-03-23T06:00:00.000Z'],
    ['2026-03-23T06:10:00Z', 2, 'quiet', '2026-03-23T07:00:00.000Z'],
    ['2026-03-23T06:10:00Z', 3, 'open', '2026-03-23T07:00:00.000Z'],
    ['2026-03-23T12:00:00Z', 1, 'open', '2026-03-23T20:00:00.000Z'],
    ['2026-03-23T21:00:00Z', 2, 'quiet', '2026-03-23T22:00:00.000Z'],
    // If the clock is set back, the result is computed again.
    ['2026-03-22T12:00:00Z', 2, 'open', '2026-03-22T20:00:00.000Z'],
  ];

  for (const [time, severity, expected, until] of TABLE) {
    it(`is ${expected} for ${severity} at ${time}`, () => {
      const { gate: found, untilMs } = gate(severity, at(time));
      assert.deepEqual([found, new Date(untilMs ?? 0).toISOString()], [expected, until]);
    });
  }

  it('is always open without quiet hours', () => {
    const always = gatekeeper({ hours: [], quiet: [], zone: 'UTC', breaksQuiet: 3 });
    assert.deepEqual(always(0, 0), { gate: 'open', untilMs: undefined });
  });
});
