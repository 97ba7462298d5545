import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RosEndpoint } from '../graph.ts';
import { DEFAULT_PROFILE, SENSOR_DATA_PROFILE } from '../qos/profiles.ts';
import { gid } from '../testing/remote-endpoints.ts';
import { incompatibleTopics } from './incompatible-topics.ts';

let entities = 0;

function endpoint(role: RosEndpoint['role'], node: string, changes: Partial<RosEndpoint> = {}): RosEndpoint {
  entities += 1;
  return {
    gid: gid(1, entities),
    role,
    name: '/scan',
    type: 'std_msgs/msg/String',
    typeHash: undefined,
    node,
    participant: '',
    qos: DEFAULT_PROFILE,
    ...changes,
  };
}

describe('incompatible QoS', () => {
  const sensor = endpoint('publisher', '/sensor', { qos: SENSOR_DATA_PROFILE });

  it('names the topic, the policies and the node that receives nothing', () => {
    const remote = [
      sensor,
      endpoint('subscription', '/mapper'),
      endpoint('subscription', '/fine', { qos: SENSOR_DATA_PROFILE }),
    ];
    assert.deepEqual(incompatibleTopics(remote, []), [
      { topic: '/scan', policies: ['reliability'], remoteNode: '/mapper' },
    ]);
  });

  it('names the other side of a local endpoint', () => {
    assert.deepEqual(incompatibleTopics([sensor], [endpoint('subscription', '/medkit')]), [
      { topic: '/scan', policies: ['reliability'], remoteNode: '/sensor' },
    ]);
  });

  it('does not compare other topics, other types or services', () => {
    const remote = [
      sensor,
      endpoint('subscription', '/a', { name: '/other' }),
      endpoint('subscription', '/a', { type: 'std_msgs/msg/Bool' }),
      endpoint('service', '/a'),
    ];
    assert.deepEqual(incompatibleTopics(remote, []), []);
  });

  it('reports a bounded number', () => {
    const remote = [sensor, ...Array.from({ length: 500 }, (_, index) => endpoint('subscription', `/n${index}`))];
    assert.equal(incompatibleTopics(remote, []).length, 100);
  });
});
