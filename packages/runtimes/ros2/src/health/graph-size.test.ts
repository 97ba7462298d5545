import assert from 'node:assert/strict';
import { it } from 'node:test';
import { rosNode } from '../testing/fake-ros.ts';
import { graphSize } from './graph-size.ts';

it('the size of the graph counts an action once, and not its topics and services', () => {
  const action = (name: string) => `/navigate/_action/${name}`;
  const size = graphSize({
    nodes: new Map([['/a', rosNode('/a')]]),
    topics: ['/scan', '/map', action('feedback'), action('status')],
    services: ['/a/get_parameters', action('send_goal'), action('cancel_goal'), action('get_result')],
  });
  assert.deepEqual(size, { nodes: 1, topics: 2, services: 1, actions: 1 });
});
