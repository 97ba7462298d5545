import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PlcReading, PlcScalar } from '@medkit/opcua';
import type { FaultRule } from '../node-map/fault-rule.ts';
import type { MappedNode } from '../node-map/node-map.ts';
import { NO_SIGNALS } from './alarm-signal.ts';
import { valueAlarms } from './value-alarms.ts';

const NODE = 'ns=2;s=Word';

const nodeOf = (faultRule?: FaultRule, nodeId = NODE): MappedNode => ({
  nodeId,
  entityId: 'pump',
  dataName: 'word',
  displayName: 'Word',
  type: 'int',
  writable: false,
  rosTopic: '/plc/pump/word',
  ...(faultRule === undefined ? {} : { faultRule }),
});

const reading = (value: PlcScalar | undefined, quality: PlcReading['quality'] = 'good'): PlcReading => ({
  value,
  quality,
  status: 'Good',
  sourceTimeNs: undefined,
  receivedNs: 0n,
});

const fault = (code: string) => ({ code, severity: 2, message: code }) as const;

/** Returns the signals of a sequence of values as `+CODE` and `-CODE`. */
function signalsOf(rule: FaultRule, values: readonly PlcScalar[]): readonly string[] {
  const alarms = valueAlarms([nodeOf(rule)]);
  return values.map((value) =>
    alarms
      .observe(NODE, reading(value))
      .map(({ kind, code }) => `${kind === 'raise' ? '+' : '-'}${code}`)
      .join(' '),
  );
}

const above = (threshold: number): FaultRule => ({ kind: 'threshold', fault: fault('HOT'), threshold, above: true });
const below = (threshold: number): FaultRule => ({ kind: 'threshold', fault: fault('LOW'), threshold, above: false });

describe('a threshold', () => {
  it('is strict: the limit itself is no fault', () => {
    assert.deepEqual(signalsOf(above(80), [80, 80.1, 80]), ['', '+HOT', '-HOT']);
    assert.deepEqual(signalsOf(below(10), [10, 9.9, 10]), ['', '+LOW', '-LOW']);
  });

  it('reports edges alone, and ignores a first value within the limit', () => {
    assert.deepEqual(signalsOf(above(80), [20, 90, 91, 95, 20, 10, 90]), ['', '+HOT', '', '', '-HOT', '', '+HOT']);
    assert.deepEqual(signalsOf(above(80), [90]), ['+HOT']);
  });

  it('of a switch honours the direction', () => {
    assert.deepEqual(signalsOf(above(0), [false, true, false]), ['', '+HOT', '-HOT']);
    assert.deepEqual(signalsOf(below(0), [true, false, true]), ['', '+LOW', '-LOW']);
  });

  it('keeps its state for NaN, infinite numbers and texts', () => {
    const undecidable = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, '20', ''];
    assert.deepEqual(signalsOf(above(80), [90, ...undecidable, 20]), ['+HOT', '', '', '', '', '', '-HOT']);
    assert.deepEqual(signalsOf(above(80), [20, ...undecidable, 90]), ['', '', '', '', '', '', '+HOT']);
  });

  it('is exact for integers that a JavaScript number cannot hold', () => {
    assert.deepEqual(signalsOf(above(2 ** 53), [2n ** 53n, 2n ** 53n + 1n]), ['', '+HOT']);
  });
});

describe('a status word', () => {
  const word = (width: number, ...bits: readonly number[]): FaultRule => ({
    kind: 'status-word',
    width,
    bits: bits.map((bit) => ({ bit, fault: fault(`B${bit}`) })),
  });

  it('has a separate fault for each bit', () => {
    assert.deepEqual(signalsOf(word(64, 0, 3, 7), [0, 0b1001, 0b1000, 0b10001000, 0]), [
      '',
      '+B0 +B3',
      '-B0',
      '+B7',
      '-B3 -B7',
    ]);
  });

  it('is decoded up to its 64th bit', () => {
    assert.deepEqual(signalsOf(word(64, 0, 53, 63), [2n ** 63n + 2n ** 53n + 1n, -(2n ** 63n)]), [
      '+B0 +B53 +B63',
      '-B0 -B53',
    ]);
  });

  it('ignores the sign bits of a widened negative number if it has a width', () => {
    assert.deepEqual(signalsOf(word(16, 3, 15, 20), [-32768]), ['+B15']);
    assert.deepEqual(signalsOf(word(64, 15, 31), [-32768]), ['+B15 +B31']);
  });

  it('reads true as 1, rounds numbers, and keeps its state for a value outside 64 bits', () => {
    const values = [true, Number.NaN, 'x', Number.POSITIVE_INFINITY, 2 ** 64, -(2 ** 63) - 2048, 2n ** 64n, 0.6, 0.4];
    assert.deepEqual(signalsOf(word(64, 0), values), ['+B0', '', '', '', '', '', '', '', '-B0']);
  });
});

describe('an enumeration of faults', () => {
  const enumeration: FaultRule = {
    kind: 'enumeration',
    okValue: 0n,
    codes: [
      { value: 10n, fault: fault('OVERVOLTAGE') },
      { value: 11n, fault: fault('OVERCURRENT') },
      { value: 10n, fault: fault('SECOND') },
    ],
    unmapped: { code: 'UNMAPPED', severity: 1, message: undefined },
  };

  it('clears the former fault and raises the current one', () => {
    assert.deepEqual(signalsOf(enumeration, [0, 10, 10, 11, 0]), [
      '',
      '+OVERVOLTAGE',
      '',
      '-OVERVOLTAGE +OVERCURRENT',
      '-OVERCURRENT',
    ]);
  });

  it('has a fault for a number that it does not map, which names the number', () => {
    const alarms = valueAlarms([nodeOf(enumeration)]);
    assert.deepEqual(alarms.observe(NODE, reading(99)), [
      { code: 'UNMAPPED', entityId: 'pump', kind: 'raise', severity: 1, message: 'unmapped fault code 99' },
    ]);
    assert.deepEqual(alarms.observe(NODE, reading(98)), NO_SIGNALS);
    assert.deepEqual(
      alarms.observe(NODE, reading(10)).map(({ code, kind }) => `${kind} ${code}`),
      ['clear UNMAPPED', 'raise OVERVOLTAGE'],
    );
  });

  it('has no fault at its ok value, even if it maps that value', () => {
    assert.deepEqual(signalsOf({ ...enumeration, okValue: 10n }, [10, 0, 10]), ['', '+UNMAPPED', '-UNMAPPED']);
  });

  it('keeps its state for a value that is no number', () => {
    assert.deepEqual(signalsOf(enumeration, [10, Number.NaN, '0', Number.NEGATIVE_INFINITY]), [
      '+OVERVOLTAGE',
      '',
      '',
      '',
    ]);
  });
});

describe('the alarms of values', () => {
  it('keep their state for a value of bad quality and for a missing one, and use an uncertain one', () => {
    const alarms = valueAlarms([nodeOf(above(80))]);
    assert.equal(alarms.observe(NODE, reading(90, 'uncertain')).length, 1);
    assert.equal(alarms.observe(NODE, reading(20, 'bad')).length, 0);
    assert.equal(alarms.observe(NODE, reading(undefined)).length, 0);
    assert.deepEqual(
      alarms.active.map(({ code, kind }) => `${kind} ${code}`),
      ['raise HOT'],
    );
    assert.equal(alarms.observe(NODE, reading(20)).length, 1);
    assert.deepEqual(alarms.active, []);
  });

  it('name the nodes with rules, and report nothing of others', () => {
    const alarms = valueAlarms([nodeOf(above(80)), nodeOf(undefined, 'ns=2;s=Other')]);
    assert.deepEqual([...alarms.nodesWithRules], [NODE]);
    assert.equal(alarms.observe('ns=2;s=Other', reading(90)), NO_SIGNALS);
    assert.equal(alarms.observe('ns=2;s=Unknown', reading(90)), NO_SIGNALS);
  });

  it('are separate for each node', () => {
    const alarms = valueAlarms([nodeOf(above(80)), nodeOf(below(10), 'ns=2;s=Level')]);
    assert.deepEqual(alarms.observe(NODE, reading(90)), [
      { code: 'HOT', entityId: 'pump', kind: 'raise', severity: 2, message: 'HOT' },
    ]);
    assert.equal(alarms.observe('ns=2;s=Level', reading(50)).length, 0);
    assert.equal(alarms.active.length, 1);
  });
});
