import assert from 'node:assert/strict';
import { it } from 'node:test';
import { GraphView } from '../graph/graph-view.ts';
import { rosNode } from '../testing/fake-ros.ts';
import { publisherOf, subscriptionOf } from '../testing/running-runtime.ts';
import { withNeighbours } from './neighbours.ts';

it('neighbours of a node are the other ends of its topics and publishers of captured topics, and not every node that logs', () => {
  const view = new GraphView();
  const [driver, listener, other] = ['/driver', '/listener', '/other'];
  view.replace({
    generation: 1,
    nodes: [driver, listener, other].map((fqn) => rosNode(fqn)),
    participants: [],
    endpoints: [
      publisherOf('/scan', { node: driver, gid: '1' }),
      subscriptionOf('/scan', { node: listener, gid: '2' }),
      publisherOf('/scan', { node: other, gid: '3' }),
      publisherOf('/rosout', { node: driver, gid: '4' }),
      subscriptionOf('/rosout', { node: other, gid: '5' }),
    ],
  });
  const of = (sources: readonly string[], topics: readonly string[] = []) => withNeighbours(view, { sources, topics });
  assert.deepEqual(of([driver]), [driver, listener]);
  assert.deepEqual(of([listener]), [listener, driver, other]);
  assert.deepEqual(of(['safety_gate']), ['safety_gate']);
  assert.deepEqual(of(['safety_gate'], ['/scan', '/nowhere', '/rosout']), ['safety_gate', driver, other]);
  assert.deepEqual(of([driver, listener]), [driver, listener, other]);
});
