import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FlatConfig } from './gateway-config.ts';
import { MAX_PATTERNS, MAX_VALUES, metricValue, validateMetricValues } from './metric-values.ts';

const check = (values: readonly string[], topics: readonly string[] = []) =>
  validateMetricValues({ 'metrics.values': values, 'metrics.topics': topics } as unknown as FlatConfig);

describe('an entry of metrics.values', () => {
  it('has a name, a unit, labels, a topic and a field', () => {
    assert.deepEqual(metricValue('wheel_speed [radians_per_second] {wheel=left, axle=1} = /joint_states:/velocity/0'), {
      metric: 'medkit_value_wheel_speed_radians_per_second',
      name: 'wheel_speed',
      unit: 'radians_per_second',
      labels: { wheel: 'left', axle: '1' },
      topic: '/joint_states',
      pointer: '/velocity/0',
    });
  });

  it('needs no unit, labels or field, and has its unit once in its name', () => {
    const short = metricValue('mode = /robot/mode');
    assert.ok(typeof short !== 'string');
    assert.deepEqual([short.metric, short.unit, short.pointer], ['medkit_value_mode', undefined, undefined]);
    const named = metricValue('battery_volts [volts] = /battery_state:/voltage');
    assert.ok(typeof named !== 'string');
    assert.equal(named.metric, 'medkit_value_battery_volts');
  });

  const refused: readonly (readonly [string, RegExp])[] = [
    ['', /is not a name, a unit, a topic/],
    ['Voltage = /battery:/voltage', /lower-case/],
    ['voltage = battery:/voltage', /is not a name/],
    ['voltage [V] = /battery:/voltage', /lower-case/],
    ['voltage = /battery/:/voltage', /not the full name of a topic/],
    ['voltage = /battery:/a~2', /not a JSON Pointer/],
    ['messages [count] = /battery:/n', /medkit_value_messages_count, whose suffix is reserved/],
    ['voltage {job=x} = /battery:/voltage', /job, which is reserved/],
    ['voltage {__a=x} = /battery:/voltage', /not a name=value/],
    [`voltage {a=${'x'.repeat(101)}} = /battery:/voltage`, /at most 100 characters/],
    ['voltage {a=1,a=2} = /battery:/voltage', /the label a twice/],
  ];
  for (const [entry, problem] of refused)
    it(`is refused with the problem: ${entry.slice(0, 40)}`, () => {
      assert.throws(() => check([entry]), problem);
      assert.throws(() => check([entry]), /battery_voltage \[volts\] = /);
    });
});

describe('the entries of metrics.values and metrics.topics', () => {
  it('share a gauge only with the same label names and different values', () => {
    check(['a {s=1} = /t:/x', 'a {s=2} = /t:/y']);
    assert.throws(() => check(['a {s=1} = /t:/x', 'a = /t:/y']), /medkit_value_a have different labels/);
    assert.throws(() => check(['a {s=1} = /t:/x', 'a {s=1} = /t:/y']), /two entries are medkit_value_a/);
  });

  it('have a maximum', () => {
    const many = (count: number, entry: (n: number) => string) => Array.from({ length: count }, (_, n) => entry(n));
    check(
      many(MAX_VALUES, (n) => `a${n} = /t`),
      many(MAX_PATTERNS, (n) => `/t${n}`),
    );
    assert.throws(() => check(many(MAX_VALUES + 1, (n) => `a${n} = /t`)), /51 entries: the maximum is 50/);
    assert.throws(
      () =>
        check(
          [],
          many(MAX_PATTERNS + 1, (n) => `/t${n}`),
        ),
      /101 entries: the maximum is 100/,
    );
  });

  it('name topics from the root', () => {
    check([], ['/scan', '/camera/*', '/a?']);
    assert.throws(() => check([], ['scan']), /"scan" is not a topic or a pattern, such as/);
  });
});
