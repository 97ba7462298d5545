import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Graph, RosEndpoint } from '../graph.ts';
import { DEFAULT_PROFILE } from '../qos/profiles.ts';
import { announcedHashes } from './announced-hashes.ts';

const READER = '04';
const WRITER = '03';
const TRIGGER = 'std_srvs/srv/Trigger';

const endpoint = (kind: string, rest: Pick<RosEndpoint, 'role' | 'type' | 'typeHash'>): RosEndpoint => ({
  gid: `${'0110'.repeat(6)}000001${kind}`,
  name: '/x',
  node: undefined,
  participant: '0110'.repeat(6),
  qos: DEFAULT_PROFILE,
  ...rest,
});

const hashesIn = (...endpoints: readonly RosEndpoint[]) => {
  const graph: Graph = { generation: 1, participants: [], nodes: [], endpoints };
  const hashes = announcedHashes({ current: () => graph });
  return (type: string) => [...hashes(type)];
};

describe('the hashes that the graph announces', () => {
  it('of a service belong to the message that each endpoint carries, also while only one of the two is known', () => {
    for (const [role, carriesRequests, carriesResponses] of [
      ['service', READER, WRITER],
      ['client', WRITER, READER],
    ] as const) {
      const requests = endpoint(carriesRequests, { role, type: TRIGGER, typeHash: 'RIHS01_request' });
      const responses = endpoint(carriesResponses, { role, type: TRIGGER, typeHash: 'RIHS01_response' });
      const both = hashesIn(requests, responses);
      assert.deepEqual(both(`${TRIGGER}_Request`), ['RIHS01_request']);
      assert.deepEqual(both(`${TRIGGER}_Response`), ['RIHS01_response']);
      assert.deepEqual(hashesIn(responses)(`${TRIGGER}_Request`), []);
      assert.deepEqual(hashesIn(requests)(`${TRIGGER}_Response`), []);
    }
  });

  it('of a topic are those of all its endpoints', () => {
    const type = 'std_msgs/msg/String';
    const hashes = hashesIn(
      endpoint(WRITER, { role: 'publisher', type, typeHash: 'RIHS01_one' }),
      endpoint(READER, { role: 'subscription', type, typeHash: 'RIHS01_other' }),
      endpoint(READER, { role: 'subscription', type, typeHash: undefined }),
    );
    assert.deepEqual(hashes(type), ['RIHS01_one', 'RIHS01_other']);
  });
});
