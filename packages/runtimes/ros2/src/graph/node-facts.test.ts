import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rosEndpoint, rosNode } from '../testing/fake-ros.ts';
import { GraphView } from './graph-view.ts';
import { topicsOf } from './node-facts.ts';

const view = new GraphView();
view.replace({
  generation: 1,
  nodes: [rosNode('/medkit_gateway', ['own']), rosNode('/fault_manager', ['own']), rosNode('/lidar', ['driver'])],
  participants: [],
  endpoints: [
    rosEndpoint({ gid: '1', role: 'publisher', name: '/scan', node: '/lidar' }),
    rosEndpoint({ gid: '2', role: 'subscription', name: '/scan', node: '/lidar' }),
    rosEndpoint({ gid: '3', role: 'service', name: '/reset', node: '/lidar' }),
  ],
});

test('the topics of a node are those that it publishes or subscribes to, each once', () => {
  assert.deepEqual(topicsOf(view, '/lidar'), ['/scan']);
  assert.deepEqual(topicsOf(view, '/nobody'), []);
});
