import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clampCounter, DEFAULT_BAND, sanitizeBand, statusOf } from './debounce-band.ts';

const band = (confirmationThreshold: number, healingThreshold: number, healingEnabled = false) => ({
  confirmationThreshold,
  healingEnabled,
  healingThreshold,
});

describe('debounce band', () => {
  it('L10: the defaults confirm immediately and do not heal', () => {
    assert.deepEqual(DEFAULT_BAND, band(-1, 3));
  });

  it('L27: a counter is clamped to the band', () => {
    const counters = [100, -100, 1].map((counter) => clampCounter(counter, band(-2, 2)));
    assert.deepEqual(counters, [2, -2, 1]);
  });

  it('L28: invalid thresholds become the defaults, the others stay', () => {
    assert.deepEqual(sanitizeBand(band(-1, 0)), band(-1, 0));
    assert.deepEqual(sanitizeBand(band(0, -1, true)), band(-1, 3, true));
    assert.deepEqual(sanitizeBand(band(Number.NaN, 2.5)), DEFAULT_BAND);
  });

  it('L30: confirmed and healed are latched, between them the sign of the counter decides', () => {
    assert.equal(statusOf(2, 'CONFIRMED', band(-3, 3)), 'CONFIRMED');
    assert.equal(statusOf(-1, 'HEALED', band(-3, 3, true)), 'HEALED');
    assert.equal(statusOf(1, 'PREFAILED', band(-3, 3)), 'PREPASSED');
    assert.equal(statusOf(0, 'PREPASSED', band(-3, 3)), 'PREPASSED');
  });
});
