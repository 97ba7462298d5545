import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PortType } from '@medkit/ingest';
import { PortMemory } from './port-memory.ts';

function memory(types: readonly PortType[], windowMs = 1000) {
  const ports = new PortMemory(types, windowMs);
  const put = (timeUs: number, ...values: readonly (number | bigint)[]): void => {
    const octets = new Uint8Array(8 * values.length);
    const view = new DataView(octets.buffer);
    for (const [at, value] of values.entries()) {
      if (typeof value === 'bigint') view.setBigInt64(8 * at, value, true);
      else view.setFloat64(8 * at, value, true);
    }
    ports.put(octets, BigInt(timeUs), BigInt(timeUs) * 1000n);
  };
  return { ports, put };
}

describe('the memory of ports', () => {
  it('has nothing before the first state', () => {
    const { ports } = memory(['float64']);
    assert.deepEqual([ports.value(0), ports.history(0), ports.receivedNs], [undefined, [], undefined]);
  });

  it('has each value by its type, exact, and null if JSON cannot represent the number', () => {
    const { ports, put } = memory(['float64', 'int64', 'bool', 'float64']);
    put(1, 0.11, 2n ** 62n, 1n, Number.NaN);
    assert.deepEqual(
      [0, 1, 2, 3].map((at) => ports.value(at)),
      [0.11, 2n ** 62n, true, null],
    );
    assert.deepEqual(ports.history(3), [[1, null]]);
    assert.equal(ports.receivedNs, 1000n);
  });

  it('remembers changes within its window, and the value of a port that does not change', () => {
    const { ports, put } = memory(['float64', 'float64']);
    put(0, 2.749, 0.8);
    put(400_000, 2.749, 0.8);
    put(900_000, 0.11, 0.8);
    assert.deepEqual(ports.history(0), [
      [0, 2.749],
      [900_000, 0.11],
    ]);
    put(1_900_000, 0.11, 0.8);
    assert.deepEqual(ports.history(0), [[900_000, 0.11]]);
    assert.deepEqual(ports.history(1), [[1_900_000, 0.8]]);
  });

  it('stores a bounded number of points of a port that always changes, over the whole window, the last among them', () => {
    const { ports, put } = memory(['float64']);
    for (let time = 0; time <= 3_000_000; time += 1000) put(time, time);
    const points = ports.history(0);
    assert.ok(points.length <= 256, `${points.length} points`);
    assert.deepEqual(points.at(-1), [3_000_000, 3_000_000]);
    assert.ok((points[0]?.[0] ?? 0) <= 2_010_000, `the oldest is of ${points[0]?.[0]}`);
  });
});
