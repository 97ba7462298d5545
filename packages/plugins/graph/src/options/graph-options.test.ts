import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULT_RULES } from './function-rules.ts';
import { readGraphOptions } from './graph-options.ts';

describe('3.5 options', () => {
  it('have defaults', () => {
    const { rulesOf, limits, warnings, measuresAlways } = readGraphOptions({});
    assert.deepEqual(rulesOf('any'), DEFAULT_RULES);
    assert.deepEqual(limits, { maxTopics: 100, maxBytesPerSec: 5_000_000, largeMessages: false });
    assert.deepEqual([warnings, measuresAlways], [[], false]);
  });

  it('are read by their names, as numbers or as text', () => {
    const { rulesOf, limits, warnings } = readGraphOptions({
      expected_frequency_hz_default: '10',
      degraded_frequency_ratio: 0.8,
      drop_rate_percent_threshold: 0,
      freshness_floor_sec: '2.5',
      freshness_headroom_factor: 4,
      stale_grace_sec: '0',
      multi_publisher_rate: 'suppress',
      measure: 'off',
      measure_max_topics: '7',
      measure_max_bytes_per_sec: 1000,
      measure_large_messages: 'true',
    });
    assert.deepEqual(warnings, []);
    assert.deepEqual(rulesOf('any'), {
      expectedFrequencyHz: 10,
      expectationIsConfigured: true,
      degradedFrequencyRatio: 0.8,
      dropRatePercentThreshold: 0,
      freshnessFloorSec: 2.5,
      freshnessHeadroomFactor: 4,
      staleGraceSec: 0,
      multiPublisherRate: 'suppress',
      measure: 'off',
    });
    assert.deepEqual(limits, { maxTopics: 7, maxBytesPerSec: 1000, largeMessages: true });
  });

  it('of a function override the general ones, whatever their order', () => {
    const { rulesOf, measuresAlways } = readGraphOptions({
      function_overrides: { navigation: { expected_frequency_hz: 5, measure: 'always' } },
      stale_grace_sec: 9,
    });
    assert.deepEqual(rulesOf('navigation'), {
      ...DEFAULT_RULES,
      staleGraceSec: 9,
      expectedFrequencyHz: 5,
      expectationIsConfigured: true,
      measure: 'always',
    });
    assert.equal(rulesOf('other').expectedFrequencyHz, 30);
    assert.equal(measuresAlways, true);
  });

  it('that are invalid are reported by their keys and fall back to the resolved values', () => {
    const bad: readonly (readonly [string, unknown])[] = [
      ['expected_frequency_hz_default', 0],
      ['degraded_frequency_ratio', -1],
      ['drop_rate_percent_threshold', -0.1],
      ['freshness_floor_sec', 0],
      ['freshness_headroom_factor', 'fast'],
      ['stale_grace_sec', -1],
      ['multi_publisher_rate', 'ignore'],
      ['measure', true],
      ['measure_max_topics', 0],
      ['measure_max_bytes_per_sec', 1.5],
      ['measure_large_messages', 'perhaps'],
      ['expected_frequency_hz_default', ''],
      ['stale_grace_sec', Number.NaN],
      ['stale_grace_sec', '1e999'],
    ];
    for (const [key, value] of bad) {
      const { rulesOf, warnings } = readGraphOptions({ [key]: value });
      assert.deepEqual(rulesOf('any'), DEFAULT_RULES, key);
      assert.equal(warnings.length, 1);
      assert.ok(warnings[0].startsWith(`${key} must be `), warnings[0]);
    }
  });

  it('of a function that are invalid fall back to the general ones and never affect the other options', () => {
    const { rulesOf, warnings } = readGraphOptions({
      freshness_floor_sec: 7,
      function_overrides: {
        nav: {
          freshness_floor_sec: 'soon',
          stale_grace_sec: 1,
          degraded_frequency_ratio: -3,
          drop_rate_percent_threshold: 50,
        },
        drive: { stale_grace_sec: 3 },
      },
    });
    const { freshnessFloorSec, staleGraceSec, degradedFrequencyRatio, dropRatePercentThreshold } = rulesOf('nav');
    assert.deepEqual(
      [freshnessFloorSec, staleGraceSec, degradedFrequencyRatio, dropRatePercentThreshold],
      [7, 1, 0.5, 50],
    );
    assert.equal(rulesOf('drive').staleGraceSec, 3);
    assert.deepEqual(
      warnings.map((warning) => warning.split(' ')[0]),
      ['function_overrides.nav.degraded_frequency_ratio', 'function_overrides.nav.freshness_floor_sec'],
    );
  });

  it('that are unknown are reported as unknown, also if their value is invalid', () => {
    const { warnings } = readGraphOptions({
      expected_frequency_hz: 10,
      function_overrides: { nav: { expected_frequency_hz_default: ['x'] }, drive: 5 },
    });
    assert.match(warnings[0], /^function_overrides\.nav has no option expected_frequency_hz_default; available: /);
    assert.match(warnings[1], /^function_overrides\.drive must be a section/);
    assert.match(warnings[2], /^the pipeline graph has no option expected_frequency_hz; available: /);
    assert.match(readGraphOptions({ function_overrides: 'all' }).warnings[0], /^function_overrides must be a section/);
  });

  it('produce a bounded number of warnings', () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`x${index}`, 1]));
    assert.equal(readGraphOptions({ function_overrides: many }).warnings.length, 50);
    assert.match(readGraphOptions(many).warnings.join(), /has no option x0, [x0-9, ]*x9, nor 990 more; available:/);
  });
});
