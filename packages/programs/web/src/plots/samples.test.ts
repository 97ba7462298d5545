import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { csvCell, seriesAsCsv } from './csv.ts';
import { numberOf, numericFields } from './numeric-fields.ts';
import { SampleRing } from './sample-ring.ts';

describe('the number of a value', () => {
  it('is itself, or that of its one field', () => {
    assert.deepEqual(
      [7, 7n, true, { data: 0.5 }, { header: { stamp: { sec: 1 } }, range: 2 }].map((value) => numberOf(value)?.value),
      [7, 7, 1, 0.5, 2],
    );
    const count = 18_446_744_073_709_551_615n;
    assert.deepEqual(
      [count, { data: count }, 7n].map((value) => numberOf(value)?.exact),
      [count, count, undefined],
    );
    for (const unclear of [{ x: 1, y: 2 }, 'seven', null, undefined, [], [1, 2]])
      assert.equal(numberOf(unclear), undefined);
  });

  it('is one of many, by JSON Pointer, of which a bounded number is offered', () => {
    assert.deepEqual(numericFields({ linear: { x: 1 }, 'a/b~c': 2, name: 'x' }), [
      { pointer: '/linear/x', value: 1 },
      { pointer: '/a~1b~0c', value: 2 },
    ]);
    assert.equal(numericFields({ ranges: new Array(360).fill(1) }).length, 8);
    assert.equal(numericFields(Object.fromEntries(Array.from({ length: 900 }, (_, at) => [`f${at}`, at]))).length, 200);
    let deep: unknown = 1;
    for (let depth = 0; depth < 10_000; depth += 1) deep = { deep };
    assert.deepEqual(numericFields(deep), []);
  });
});

describe('the samples of a plotted number', () => {
  it('are bounded, in order, and without duplicates', () => {
    const ring = new SampleRing(100);
    for (let at = 0; at < 1000; at += 1) ring.add(at, at);
    ring.add(999, 5);
    ring.add(3, 5);
    ring.add(Number.NaN, 5);
    assert.ok(ring.size <= 110);
    assert.deepEqual(ring.last, [999, 999]);
    assert.deepEqual(
      ring.between(989.5, 991.5).map(([at]) => at),
      [989, 990, 991, 992],
    );
    assert.equal(ring.rate(999, 10), 1000);
  });

  it('begin with what was known before', () => {
    const ring = new SampleRing();
    ring.add(50, 1);
    ring.addBefore([
      [10, 0],
      [50, 7],
      [60, 7],
    ]);
    assert.deepEqual(ring.between(0, 100), [
      [10, 0],
      [50, 1],
    ]);
  });
});

describe('CSV of the shown samples', () => {
  it('has all digits of 64-bit integers', () => {
    const samples = [
      [0, 2 ** 63, 9_223_372_036_854_775_807n],
      [1, 1],
    ] as const;
    assert.match(seriesAsCsv([{ id: 'a', label: 'a', samples }]), /Z,0,9223372036854775807\r\n.*Z,1,1\r\n$/);
  });

  it('has a row for each moment, and no cell that a table program takes for a formula', () => {
    const series = [
      {
        id: 'a',
        label: '=cmd()',
        unit: 'm',
        samples: [
          [0, -1],
          [2, 3],
        ] as const,
      },
      { id: 'b', label: 'a "b", c', samples: [[2, Number.NaN]] as const },
    ];
    assert.equal(
      seriesAsCsv(series),
      `time,ms,"'=cmd() (m)","a ""b"", c"\r\n1970-01-01T00:00:00.000Z,0,-1,\r\n1970-01-01T00:00:00.002Z,2,3,\r\n`,
    );
    assert.deepEqual(['+1', '-1', '@x', '\tx', 'plain'].map(csvCell), [`"'+1"`, `"'-1"`, `"'@x"`, `"'\tx"`, 'plain']);
  });
});
