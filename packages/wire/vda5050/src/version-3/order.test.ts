import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exampleHeader } from '../testing/idle-robot.ts';
import { decodeOrder } from './order.ts';

const node = (nodeId: string, sequenceId: number) => ({ nodeId, sequenceId, released: true, actions: [] });
const edge = (edgeId: string, sequenceId: number) => ({ edgeId, sequenceId, released: true, actions: [] });
const read = (nodes: readonly object[], edges: readonly object[]) =>
  decodeOrder(Buffer.from(JSON.stringify({ ...exampleHeader('3.0.0'), orderId: 'o', orderUpdateId: 1, nodes, edges })))
    .content;

describe('an order of 3.0.0', () => {
  it('has edges between the nodes with adjacent numbers, in whatever order they arrive', () => {
    const { edges } = read([node('c', 8), node('a', 4), node('b', 6)], [edge('bc', 7), edge('ab', 5)]);
    assert.deepEqual(
      edges.map(({ edgeId, startNodeId, endNodeId }) => [edgeId, startNodeId, endNodeId]),
      [
        ['bc', 'b', 'c'],
        ['ab', 'a', 'b'],
      ],
    );
  });

  it('is malformed if an edge leads nowhere', () => {
    assert.throws(() => read([node('a', 4)], [edge('ab', 5)]), {
      name: 'MalformedMessage',
      message: 'order: edges[0] has no adjacent node with the sequenceId 6',
    });
  });

  it('is malformed if a member that medkit does not use is wrong', () => {
    const trajectory = { controlPoints: [{ x: 0, y: 'far' }] };
    assert.throws(() => read([node('a', 0), node('b', 2)], [{ ...edge('ab', 1), trajectory }]), {
      message: 'order: edges[0].trajectory.controlPoints[0].y must be number',
    });
  });
});
