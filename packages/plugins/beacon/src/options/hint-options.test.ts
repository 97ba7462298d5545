import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkedOptions } from '@medkit/plugin';
import Type from 'typebox';
import { type HintOptions, hintOptions, hintSettings } from './hint-options.ts';

const Options = Type.Object(hintOptions(10), { additionalProperties: false });

/** Returns the settings of these options, and the notices. */
function settings(raw: Readonly<Record<string, unknown>>) {
  const checked = checkedOptions(Options, raw);
  assert.ok('options' in checked, JSON.stringify(checked));
  const notices: string[] = [];
  return { ...hintSettings(checked.options as HintOptions, (notice) => notices.push(notice)), notices };
}

describe('options of every beacon', () => {
  it('3.1: default to 10,000 hints that expire after 300 s and create no entities', () => {
    assert.deepEqual(settings({}), {
      ttlMs: 10_000,
      expiryMs: 300_000,
      maxHints: 10_000,
      allowNewEntities: false,
      notices: [],
    });
  });

  it('3.2 [edge], 3.3 [edge]: a value below the minimum becomes the minimum, with a notice', () => {
    const { notices, ...least } = settings({ beacon_ttl_sec: 0, beacon_expiry_sec: 0.5, max_hints: 0 });
    assert.deepEqual(least, { ttlMs: 100, expiryMs: 1000, maxHints: 1, allowNewEntities: false });
    assert.deepEqual(notices, [
      'beacon_ttl_sec: 0 is too small; 0.1 is used',
      'beacon_expiry_sec: 0.5 is too small; 1 is used',
      'max_hints: 0 is too small; 1 is used',
    ]);
  });

  it('max_hints is limited to what a plugin may contribute, with a notice', () => {
    const { maxHints, notices } = settings({ max_hints: 1_000_000 });
    assert.deepEqual([maxHints, notices], [15_000, ['max_hints: 1000000 is too large; 15000 is used']]);
  });

  it('3.1 [edge]: an expiry that is not greater than the ttl is corrected, with a notice', () => {
    const { expiryMs, notices } = settings({ beacon_ttl_sec: 60, beacon_expiry_sec: 60 });
    assert.deepEqual(
      [expiryMs, notices],
      [600_000, ['beacon_expiry_sec must be more than beacon_ttl_sec; 600 is used']],
    );
  });
});
