import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { RosEndpoint } from '@medkit/ros2';
import { rosEndpoint } from '../testing/fake-ros.ts';
import { actionServers } from './action-servers.ts';

it('the servers of an action are the nodes that offer it, or offered it last, for a bounded number of actions', () => {
  const offered = new Map<string, readonly RosEndpoint[]>();
  const serversOf = actionServers({ serversOf: (service) => offered.get(service) ?? [] });
  const by = (node: string, gid = node) => rosEndpoint({ gid, role: 'service', name: '/spin/_action/send_goal', node });
  assert.deepEqual(serversOf('/spin'), []);
  offered.set('/spin/_action/send_goal', [by('/behaviors', '1'), by('/behaviors', '2'), by('/other')]);
  assert.deepEqual(serversOf('/spin'), ['/behaviors', '/other']);
  offered.clear();
  assert.deepEqual(serversOf('/spin'), ['/behaviors', '/other'], 'its goals are lost with it');
  for (let n = 0; n < 300; n++) serversOf(`/action_${n}`);
  assert.deepEqual(serversOf('/spin'), []);
});
