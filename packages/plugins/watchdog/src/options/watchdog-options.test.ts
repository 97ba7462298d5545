import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readWatchdogOptions } from './watchdog-options.ts';

const warningsOf = (raw: unknown) => readWatchdogOptions(raw).warnings;
const modeOf = (mode: unknown) => readWatchdogOptions({ detectors: { orphan: { mode } } });

describe('the options of the watchdog', () => {
  it('W05: have defaults for all, and no warning for absent ones', () => {
    const { options, warnings } = readWatchdogOptions({});
    assert.deepEqual(warnings, []);
    assert.deepEqual(
      [options.tickIntervalMs, options.warmUp, new Set(Object.values(options.modes))],
      [1000, { cycles: 5, pruneGrace: 60 }, new Set(['raise'])],
    );
    assert.deepEqual(options.orphan, { grace: 10, maxEditDistance: 1, namespaceEditDistance: 0, allowlist: [] });
    assert.deepEqual(options.lifecycle, { requireActive: [], grace: 5, trackedNodeCap: 512 });
    assert.equal(options.paramDrift.maxReadsPerTick, 8);
    assert.equal(options.qosMismatch.grace, 3);
  });

  it('W05: modes are words or booleans, also as texts, and a detector may be set directly to a mode', () => {
    for (const [raw, mode] of [
      ['raise', 'raise'],
      ['advisory', 'advisory'],
      ['off', 'off'],
      [true, 'raise'],
      [false, 'off'],
      ['false', 'off'],
    ] as const) {
      const { options, warnings } = modeOf(raw);
      assert.deepEqual([options.modes.orphan, warnings], [mode, []]);
    }
    assert.equal(readWatchdogOptions({ detectors: { orphan: false } }).options.modes.orphan, 'off');
  });

  it('W05: an unknown mode, or a value that is not a word, raises, with a warning', () => {
    for (const raw of ['loud', ['raise'], { on: true }, null]) {
      const { options, warnings } = modeOf(raw);
      assert.equal(options.modes.orphan, 'raise');
      assert.match(warnings[0] ?? '', /^detectors\.orphan\.mode .*raise is used$/);
    }
  });

  it('W05: unknown keys are named with the known ones', () => {
    assert.deepEqual(warningsOf({ detectors: { orphans: {}, qos_mismatch: { gracee: 1 } }, warm_up: 3 }), [
      'detectors.qos_mismatch has no option gracee; available: allowlist, grace, mode',
      `detectors has no option orphans; available: latency_budget, lifecycle_expectation, node_death, node_disappeared, orphan, param_drift, qos_mismatch, rate_drop, tf_stale`,
      'the watchdog has no option warm_up; available: detectors, max_watched_topics, prune_grace, tick_interval_ms, warmup_cycles',
    ]);
  });

  it('W05: numbers out of their range have their default, with a warning that says the range', () => {
    const { options, warnings } = readWatchdogOptions({
      warmup_cycles: '7',
      detectors: { orphan: { max_edit_distance: '9', namespace_edit_distance: 1.5 } },
    });
    assert.deepEqual(
      [options.warmUp.cycles, options.orphan.maxEditDistance, options.orphan.namespaceEditDistance],
      [7, 1, 0],
    );
    assert.deepEqual(warnings, [
      'detectors.orphan.max_edit_distance must be a number from 1 to 8; 1 is used',
      'detectors.orphan.namespace_edit_distance must be a whole number; 0 is used',
    ]);
  });

  it('W06: at most 1 to 100,000 reads a tick', () => {
    const reads = (max_reads_per_tick: unknown) =>
      readWatchdogOptions({ detectors: { param_drift: { max_reads_per_tick } } });
    for (const good of [1, '100000']) assert.deepEqual(reads(good).warnings, []);
    for (const bad of [0, 100_001, 'many', -1]) {
      const { options, warnings } = reads(bad);
      assert.equal(options.paramDrift.maxReadsPerTick, 8);
      assert.equal(warnings.length, 1);
    }
  });

  it('W06: pins are nested or dotted; an invalid one is left out', () => {
    const { options, warnings } = readWatchdogOptions({
      detectors: {
        param_drift: {
          expect: {
            '/planner': { FollowPath: { max_vel_x: '0.5' }, 'FollowPath.max_vel_x': '0.6', use_sim_time: 'false' },
            slam: 'fast',
            lidar: { ranges: ['1', '2'], bad: null },
          },
        },
      },
    });
    const pins = [...options.paramDrift.expect].map(([node, values]) => [node, Object.fromEntries(values)]);
    assert.deepEqual(Object.fromEntries(pins), {
      '/planner': { 'FollowPath.max_vel_x': '0.5', use_sim_time: 'false' },
      lidar: { ranges: ['1', '2'] },
    });
    assert.deepEqual(warnings, [
      'detectors.param_drift.expect./planner sets FollowPath.max_vel_x twice; the first value is used',
      'detectors.param_drift.expect.slam must be a section of parameters; it is ignored',
      'detectors.param_drift.expect.lidar has no valid value for bad; it is ignored',
    ]);
  });

  it('W06: an option without effect causes a warning', () => {
    const of = (param_drift: unknown) => warningsOf({ detectors: { param_drift } });
    assert.deepEqual(of({ baseline: 'maybe' }), ['detectors.param_drift.baseline must be true or false; true is used']);
    assert.deepEqual(of({ baseline: false, expect: { a: { b: '1' } }, ignore: ['x'] }), [
      'detectors.param_drift.ignore applies only to the baseline, which is off',
    ]);
    assert.deepEqual(of({ baseline: false }), [
      'detectors.param_drift.baseline is off and expect is empty: no parameter is checked',
    ]);
    assert.deepEqual(of({ ignore: ['*'] }), [
      'detectors.param_drift.ignore excludes every parameter from the baseline',
    ]);
    assert.deepEqual(of({ ignore: { a: 'b' } }), [
      'detectors.param_drift.ignore must be a list of texts; it is ignored',
    ]);
    assert.deepEqual(of({ ignore: '/slam:*' }), []);
    assert.deepEqual(of({ expect: ['rate'] }), ['detectors.param_drift.expect must be a section']);
  });

  it('take the detector node_death of ros2_medkit, and say so in one line', () => {
    const read = (node_death: unknown, more = {}) => readWatchdogOptions({ detectors: { node_death, ...more } });
    const { options, warnings } = read({ miss_grace: '7', suppress: ['allowlist'], allowlist: ['/tool', 'rviz'] });
    assert.deepEqual(options.nodeDisappeared, { grace: 7, required: [], ignore: ['/tool', '*/rviz'] });
    assert.equal(options.modes.node_disappeared, 'raise');
    assert.deepEqual(warnings, [
      'detectors.node_death is read as node_disappeared: miss_grace as grace, allowlist as ignore',
    ]);
    const both = read({ mode: 'off', miss_grace: 7 }, { node_disappeared: { mode: 'advisory', grace: 4 } }).options;
    assert.deepEqual([both.modes.node_disappeared, both.nodeDisappeared.grace], ['advisory', 4]);
    assert.equal(read(false).options.modes.node_disappeared, 'off');
    const unused = read({ allowlist: ['/tool'], suppress: ['lifecycle', 'moon'], miss_graze: 1 });
    assert.deepEqual(unused.options.nodeDisappeared.ignore, []);
    assert.deepEqual(unused.warnings.slice(1), [
      'detectors.node_death.suppress must be allowlist or lifecycle, not moon; it is ignored',
      'detectors.node_death.allowlist has no effect unless suppress names it',
      'detectors.node_death has no option miss_graze; available: allowlist, miss_grace, mode, prune_grace, suppress',
    ]);
  });

  it('never fail, whatever the input', () => {
    for (const raw of [undefined, null, 7, 'x', [], { detectors: 'x' }, { detectors: { orphan: 7, tf_stale: [] } }]) {
      assert.equal(readWatchdogOptions(raw).options.tickIntervalMs, 1000);
    }
  });
});
