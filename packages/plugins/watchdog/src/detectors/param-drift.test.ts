import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Parameter, ParameterValue } from '@medkit/ros2';
import { fitsPin, sameValue } from '../parameters/parameter-equality.ts';
import { valueText } from '../parameters/value-text.ts';
import { FAILED_READS_TO_GIVE_UP, ParamDrift, type ParamDriftOptions } from './param-drift.ts';

const NODE = '/slam';
const int = (value: bigint): ParameterValue => ({ type: 'int', value });
const double = (value: number): ParameterValue => ({ type: 'double', value });
const text = (value: string): ParameterValue => ({ type: 'string', value });
const NOT_SET: ParameterValue = { type: 'not_set' };
const parameters = (values: Readonly<Record<string, ParameterValue>>): readonly Parameter[] =>
  Object.entries(values).map(([name, value]) => ({ name, value }));

interface Setup extends Partial<ParamDriftOptions> {
  readonly pins?: Readonly<Record<string, unknown>>;
}

/** Creates a detector that watches one node. */
function watching({ pins = {}, ...options }: Setup = {}) {
  const detector = new ParamDrift(
    { baseline: true, expect: new Map(), ignore: [], ...options },
    () => new Map(Object.entries(pins)),
  );
  detector.watch(NODE);
  return {
    detector,
    read: (values: Readonly<Record<string, ParameterValue>>) => detector.read(NODE, parameters(values)),
    details: () => detector.findings().map(({ detail }) => detail),
  };
}

describe('a baseline', () => {
  it('W06: is the first read; a later difference is drift until the value is restored', () => {
    const { read, details } = watching();
    read({ rate: double(10), mode: text('fast') });
    assert.deepEqual(details(), []);
    read({ rate: double(20), mode: text('fast') });
    assert.deepEqual(details(), ['/slam rate is 20, it was 10']);
    read({ rate: double(10), mode: text('fast') });
    assert.deepEqual(details(), []);
  });

  it('W06: ignores new parameters, and reports removed ones', () => {
    const { read, details } = watching();
    read({ rate: int(1n) });
    read({ rate: int(1n), more: int(2n) });
    assert.deepEqual(details(), []);
    read({ more: int(2n) });
    assert.deepEqual(details(), ['/slam rate was removed, it was 1']);
  });

  it('W06: is stored for other nodes while one node declares as many parameters as it can', () => {
    const { detector } = watching();
    const many = Array.from({ length: 50_010 }, (_, number) => ({ name: `p${number}`, value: int(1n) }));
    detector.read(NODE, many);
    detector.watch('/other');
    detector.read('/other', parameters({ rate: int(1n) }));
    detector.read('/other', parameters({ rate: int(2n) }));
    assert.deepEqual(
      detector.findings().map(({ detail }) => detail),
      ['/other rate is 2, it was 1'],
    );
    assert.deepEqual(detector.quota.figures(), {
      ...{ held: 50_001, capacity: 100_000, owners: 2, largest: 50_000, refused: 10 },
    });
    detector.forget(NODE);
    assert.equal(detector.quota.total, 1);
  });

  it('W06: leaves out ignored parameters, by name or by name and node; a pin still counts', () => {
    const { read, details } = watching({ ignore: ['*.seed', '/slam:debug_*'], pins: { 'a.seed': '1' } });
    read({ 'a.seed': int(1n), 'b.seed': int(1n), debug_level: int(1n), debug: int(1n) });
    read({ 'a.seed': int(2n), 'b.seed': int(2n), debug_level: int(2n), debug: int(2n) });
    assert.deepEqual(details(), ['/slam a.seed is 2 but must be 1', '/slam debug is 2, it was 1']);
  });

  it('follows parameter events of a node without another read', () => {
    const { detector, read, details } = watching();
    const event = { node: NODE, added: [], changed: parameters({ rate: int(2n) }), deleted: [] };
    detector.changed(event);
    assert.deepEqual(details(), [], 'nothing is known of it yet');
    read({ rate: int(1n) });
    detector.changed(event);
    assert.deepEqual(details(), ['/slam rate is 2, it was 1']);
    detector.changed({ ...event, changed: parameters({ rate: int(1n) }) });
    assert.deepEqual(details(), []);
    detector.changed({ ...event, node: '/other' });
    assert.deepEqual(details(), []);
  });

  it('is forgotten with its node', () => {
    const { detector, read, details } = watching();
    read({ rate: int(1n) });
    read({ rate: int(2n) });
    detector.forget(NODE);
    assert.deepEqual(details(), []);
    detector.watch(NODE);
    read({ rate: int(2n) });
    assert.deepEqual(details(), []);
  });

  it('W06: no verdict is clean while a node is unread, until it has failed too often', () => {
    const { detector, read } = watching();
    assert.equal(detector.complete(), false);
    read({});
    assert.equal(detector.complete(), true);
    assert.equal(detector.failed(NODE), 1);
    assert.equal(detector.complete(), false);
    for (let failures = 2; failures <= FAILED_READS_TO_GIVE_UP; failures++) detector.failed(NODE);
    assert.equal(detector.complete(), false);
    detector.failed(NODE);
    assert.equal(detector.complete(), true);
  });
});

describe('a pin', () => {
  it('W06: counts from the first read on, whatever the baseline', () => {
    const { read, details } = watching({ pins: { rate: '10' } });
    read({ rate: double(20) });
    assert.deepEqual(details(), ['/slam rate is 20 but must be 10']);
    read({ rate: double(10) });
    assert.deepEqual(details(), []);
  });

  it('W06: is not violated by a missing parameter, and is by one without a value', () => {
    const { read, details } = watching({ baseline: false, pins: { rate: '10' } });
    read({});
    assert.deepEqual(details(), []);
    read({ rate: NOT_SET });
    assert.deepEqual(details(), ['/slam rate is <not set> but must be 10']);
    read({ rate: text('<not set>') });
    assert.deepEqual(details(), ['/slam rate is "<not set>" but must be 10']);
  });

  it('W06: is read as the type of the parameter', () => {
    const fits: readonly (readonly [ParameterValue, unknown, boolean])[] = [
      [{ type: 'bool', value: true }, 'true', true],
      [{ type: 'bool', value: false }, 'true', false],
      [text('10'), '10', true],
      [text('10'), '10.0', false],
      [double(10), '1e1', true],
      [double(Number.NaN), '.nan', true],
      [double(Number.NEGATIVE_INFINITY), '-.inf', true],
      [double(-0), '0', true],
      [double(1), 'one', false],
      [double(0), '', false],
      [int(9007199254740993n), '9007199254740993', true],
      [double(9007199254740992), '9007199254740993', false],
      [{ type: 'int_array', value: [1n, 2n] }, ['1', '2'], true],
      [{ type: 'int_array', value: [1n, 2n] }, ['1'], false],
      [{ type: 'string_array', value: [] }, '', false],
      [NOT_SET, '', false],
    ];
    for (const [value, pin, expected] of fits)
      assert.equal(fitsPin(value, pin), expected, `${valueText(value)} ${pin}`);
  });
});

describe('values of parameters', () => {
  it('W06: are compared by value, exactly', () => {
    const same: readonly (readonly [ParameterValue, ParameterValue, boolean])[] = [
      [int(5n), double(5), true],
      [int(9007199254740993n), double(9007199254740992), false],
      [double(Number.NaN), double(Number.NaN), true],
      [double(-0), double(0), true],
      [text('1'), int(1n), false],
      [NOT_SET, NOT_SET, true],
      [NOT_SET, text(''), false],
      [{ type: 'double_array', value: [1, Number.NaN] }, { type: 'double_array', value: [1, Number.NaN] }, true],
      [{ type: 'byte_array', value: Uint8Array.of(1) }, { type: 'byte_array', value: Uint8Array.of(2) }, false],
    ];
    for (const [a, b, expected] of same) {
      assert.equal(sameValue(a, b), expected, `${valueText(a)} ${valueText(b)}`);
      assert.equal(sameValue(b, a), expected);
    }
  });

  it('W06: are shown as ASCII of at most 64 characters, with both ends', () => {
    const long = valueText({ type: 'int_array', value: Array.from({ length: 1000 }, (_, at) => BigInt(at)) });
    assert.equal(long.length, 64);
    assert.match(long, /^\[0, 1, .*\.\.\..*999\]$/);
    assert.match(valueText(text(`${'ä\ud800'.repeat(200)}`)), /^[\x20-\x7e]{64}$/);
  });
});
