import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ParameterValue } from '@medkit/ros2';
import { rosNode } from '../testing/fake-ros.ts';
import { FirstValues } from './first-values.ts';

const text = (length: number): ParameterValue => ({ type: 'string', value: 'x'.repeat(length) });
const int = (value: bigint): ParameterValue => ({ type: 'int', value });

describe('first values', () => {
  it('are those of the first read, also for parameters that appear later', () => {
    const first = new FirstValues();
    const node = rosNode('/a');
    assert.equal(first.of(node), undefined);
    first.remember(node, [{ name: 'x', value: int(1n) }]);
    first.remember(node, [
      { name: 'x', value: int(2n) },
      { name: 'y', value: int(3n) },
    ]);
    assert.deepEqual(
      [...first.of(node)!],
      [
        ['x', int(1n)],
        ['y', int(3n)],
      ],
    );
  });

  it('stay for a node that was away for a moment, and are forgotten for a restarted one', () => {
    const first = new FirstValues();
    first.remember(rosNode('/a', ['p1']), [{ name: 'x', value: int(1n) }]);
    assert.equal(first.of(rosNode('/a', ['p0', 'p1']))?.size, 1);
    assert.equal(first.of(rosNode('/a', ['p2'])), undefined);
    assert.equal(first.of(rosNode('/a', ['p1'])), undefined);
  });

  it('of one node have a limit', () => {
    const first = new FirstValues();
    const node = rosNode('/a');
    const large = Array.from({ length: 20 }, (_, at) => ({ name: `p${at}`, value: text(50_000) }));
    first.remember(node, [...large, { name: 'small', value: int(1n) }]);
    assert.equal(first.of(node)?.has('p9'), true);
    assert.equal(first.of(node)?.has('p10'), false);
    assert.equal(first.of(node)?.has('small'), true);
  });

  it('of all nodes have a limit: the least recently used node makes room', () => {
    const first = new FirstValues();
    const nodes = Array.from({ length: 40 }, (_, at) => rosNode(`/n${at}`));
    for (const node of nodes) {
      first.remember(node, [{ name: 'x', value: { type: 'byte_array', value: new Uint8Array(60_000) } }]);
      first.of(nodes[0]!);
    }
    const known = nodes.filter((node) => first.of(node) !== undefined);
    assert.equal(known.length, 34);
    assert.equal(known[0], nodes[0]);
    assert.equal(known[1], nodes[7]);
  });
});
