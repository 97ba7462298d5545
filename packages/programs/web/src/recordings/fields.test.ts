import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BagProblem } from './bag-problem.ts';
import { bagProblemText } from './bag-problem-text.ts';
import { countOf, elementsOf, fieldsOf, LEAST_RANGE, membersOf, numberAt, valueAt } from './field-path.ts';
import { fileName } from './file-name.ts';
import { formatSize } from './format-size.ts';
import { isScan, leastRange } from './laser-scan.ts';
import { valueText } from './value-text.ts';

const scan = {
  angle_min: -Math.PI,
  angle_increment: Math.PI / 2,
  range_min: 0.05,
  range_max: 12,
  ranges: new Float32Array([0.01, Number.POSITIVE_INFINITY, 0.5, 3]),
};

describe('the fields of a message', () => {
  const message = {
    header: { stamp: { sec: 7, nanosec: 8 } },
    'a/b': 1n,
    ok: true,
    name: 'x',
    list: [{ y: 2 }],
    ...scan,
  };

  it('are found by JSON Pointer', () => {
    for (const [path, value] of [
      ['/header/stamp/sec', 7],
      ['/a~1b', 1],
      ['/ok', 1],
      ['/list/0/y', 2],
      ['/ranges/3', 3],
      [LEAST_RANGE, 0.5],
    ] as const) {
      assert.equal(numberAt(message, path), value, path);
    }
    for (const none of [
      '',
      'header',
      '/header',
      '/name',
      '/ranges/9',
      '/ranges/length',
      '/list/-1',
      '/constructor/name',
      '/__proto__',
    ]) {
      assert.equal(numberAt(message, none), undefined, none);
    }
    assert.equal(valueAt(message, ''), message);
  });

  it('are distinguished from lists and plain values', () => {
    assert.deepEqual(fieldsOf({ a: 1, b: 'x' }), [
      ['a', 1],
      ['b', 'x'],
    ]);
    assert.deepEqual([fieldsOf(new Float32Array(2)), fieldsOf([1]), fieldsOf('text'), fieldsOf(4)], [[], [], [], []]);
    assert.deepEqual(
      [elementsOf([1])?.length, elementsOf(new BigInt64Array(3))?.length, elementsOf({})],
      [1, 3, undefined],
    );
  });

  it('are shown a few at a time, those of a message as elements of a list', () => {
    const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`f${at}`, at]));
    for (const many of [wide, Array.from({ length: 5000 }, () => 1), new Float32Array(5000)]) {
      assert.deepEqual([countOf(many), membersOf(many, 50).length], [5000, 50]);
    }
    assert.deepEqual([countOf(7), membersOf('x', 50)], [0, []]);
  });

  it('are shown as texts of bounded length', () => {
    assert.deepEqual([1.5, 0.1 + 0.2, 2n ** 63n, true, 'a'].map(valueText), [
      '1.5',
      '0.3',
      '9223372036854775808',
      'true',
      '"a"',
    ]);
    assert.ok(valueText('x'.repeat(10_000)).length < 420);
  });
});

describe('a laser scan', () => {
  it('has its nearest point among what was measured', () => {
    assert.deepEqual(leastRange(scan), { range: 0.5, degrees: 0 });
    assert.equal(leastRange({ ...scan, ranges: new Float32Array([0, Number.NaN]) }), undefined);
    assert.deepEqual(leastRange({ ...scan, angle_min: Math.PI * 1.5, ranges: new Float32Array([1]) }), {
      range: 1,
      degrees: -90,
    });
  });

  it('is recognized by all fields that the page draws', () => {
    assert.ok(isScan(scan));
    for (const wrong of [{ ranges: [1, 2] }, { angle_min: 'x' }, { range_max: Number.NaN }])
      assert.ok(!isScan({ ...scan, ...wrong }));
  });
});

describe('the page of a recording', () => {
  it('has a message for each reason why a file cannot be read, and passes on messages of a library', () => {
    assert.equal(
      bagProblemText(new BagProblem('gone').message),
      'This cannot be read: the recording no longer exists.',
    );
    assert.equal(
      bagProblemText(new BagProblem('refused', 503).message),
      'This cannot be read: the gateway refused to send it (status 503).',
    );
    for (const text of ['Expected MCAP magic', 'constructor: x'])
      assert.equal(bagProblemText(text), `This cannot be read: ${text}.`);
  });

  it('has a file name that is valid in every file system', () => {
    assert.equal(fileName('/api/v1/apps/x/bulk-data/rosbags/fault_A_1'), 'fault_A_1.mcap');
    assert.equal(fileName('/api/v1/a/..%2F"x', 'sqlite3'), '..__x.db3');
  });

  it('formats sizes in powers of a thousand', () => {
    assert.deepEqual([0, 999, 177_862, 1_234_567, 999_600, 5e13].map(formatSize), [
      '0 B',
      '999 B',
      '178 kB',
      '1.2 MB',
      '1.0 MB',
      '50 TB',
    ]);
  });
});
