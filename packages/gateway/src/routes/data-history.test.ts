import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import type { EvidenceChannel, FaultProvider, RecentQuery, RecentValues } from '@medkit/core';
import { memoryFaults } from '@medkit/core/testing';
import { testGateway } from '../testing/test-gateway.ts';

const RECENT: RecentValues = {
  type: 'geometry_msgs/msg/Twist',
  values: [
    { timeNs: 1_774_231_972_900_000_001n, value: { linear: { x: 0.8 }, frame: 'a' } },
    { timeNs: 1_774_231_973_000_000_002n, value: { linear: { x: 0.4 }, frame: 'a' } },
    { timeNs: 1_774_231_973_100_000_003n, value: { linear: {}, frame: 'a' } },
  ],
  fromNs: 1_774_231_968_000_000_000n,
  storedFor: 'recordings',
  omitted: 7,
};

/** A gateway whose fault manager stores the values of `recent`; without it, the fault manager has no values. */
async function setUp(recent?: RecentValues | 'nothing') {
  const queries: { readonly channel: EvidenceChannel; readonly query: RecentQuery }[] = [];
  const faults: FaultProvider = {
    ...memoryFaults(),
    ...(recent && {
      recent: async (_nativeId, channel, query) => {
        queries.push({ channel, query });
        if (recent === 'nothing')
          throw new SovdError({ code: 'precondition-not-fulfilled', message: 'Nothing keeps /scan' });
        return recent;
      },
    }),
  };
  const { app, clock } = await testGateway({}, undefined, { faults });
  const get = async (path: string) => {
    const reply = await app.inject(`/api/v1/${path}`);
    return { status: reply.statusCode, text: reply.payload, body: reply.json() };
  };
  return { queries, clock, get };
}

describe('the last seconds of a data item', () => {
  it('are rows of time and number at a path, with every digit, or whole values', async () => {
    const { get, queries, clock } = await setUp(RECENT);
    const { status, text, body } = await get('apps/lidar_driver/data/scan/x-medkit-history?path=/linear/x&seconds=10');
    assert.equal(status, 200, text);
    assert.match(text, /"items":\[\[1774231972900000001,0\.8\],\[1774231973000000002,0\.4\]\]/);
    assert.deepEqual([body.id, body.path], ['/scan', '/linear/x']);
    const { entity_id, kept_for, omitted } = body['x-medkit'];
    assert.deepEqual([entity_id, kept_for, omitted], ['lidar_driver', 'recordings', 8]);
    assert.match(text, /"from":1774231968000000000/);
    assert.deepEqual(queries[0]?.channel, { name: '/scan', runtime: 'memory' });
    assert.deepEqual(queries[0]?.query, { sinceNs: clock.wallNs() - 10_000_000_000n, limit: 1000 });
    const whole = await get('components/amr_01/data/lidar_driver%3A%2Fscan/x-medkit-history?limit=3');
    assert.deepEqual(whole.body.items[1][1], { linear: { x: 0.4 }, frame: 'a' });
    assert.equal(queries[1]?.query.limit, 3);
  });

  it('are refused if they are not recorded, with the reason that the recorder gives', async () => {
    for (const [recent, message] of [
      [undefined, /Past values of \/scan are not buffered/],
      ['nothing', /Nothing keeps \/scan/],
    ] as const) {
      const { get } = await setUp(recent);
      const { status, body } = await get('apps/lidar_driver/data/scan/x-medkit-history');
      assert.deepEqual([status, body.error_code], [409, 'precondition-not-fulfilled']);
      assert.match(body.message, message);
    }
  });

  it('are refused for an invalid item, path or time', async () => {
    const { get } = await setUp(RECENT);
    assert.equal((await get('apps/lidar_driver/data/nothing/x-medkit-history')).status, 404);
    assert.equal((await get('apps/nobody/data/scan/x-medkit-history')).status, 404);
    for (const [query, parameter] of [
      ['seconds=0', 'seconds'],
      ['seconds=3601', 'seconds'],
      ['limit=1.5', 'limit'],
      ['limit=5001', 'limit'],
      ['path=linear', 'path'],
      ['path=/frame', 'path'],
    ]) {
      const { status, body } = await get(`apps/lidar_driver/data/scan/x-medkit-history?${query}`);
      assert.deepEqual([status, body.error_code, body.parameters.parameter], [400, 'invalid-parameter', parameter]);
    }
  });
});
