import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AuditRecord, type AuditRecordList } from '@medkit/contract';
import type { ExternalConfigurationChange } from '@medkit/core';
import { Compile } from 'typebox/compile';
import { settled } from '../testing/plugin-gateway.ts';
import { type TestGateway, testGateway } from '../testing/test-gateway.ts';

const AT_NS = 1_774_231_973_000_000_000n;

const CHANGE: ExternalConfigurationChange = {
  nativeId: '/lidar_driver',
  name: 'scan_rate_hz',
  from: '10',
  to: '5',
  count: 1,
  firstNs: AT_NS,
  lastNs: AT_NS,
};

function emitChange({ model }: Pick<TestGateway, 'model'>, change: Partial<ExternalConfigurationChange> = {}): void {
  model.events.emit('configuration.changed', { runtime: 'memory', ...CHANGE, ...change });
}

async function records({ app }: Pick<TestGateway, 'app'>, query = ''): Promise<readonly AuditRecord[]> {
  await settled();
  const reply = await app.inject(`/api/v1/x-medkit-audit?${query}`);
  assert.equal(reply.statusCode, 200, reply.payload);
  return (reply.json() as AuditRecordList).items;
}

describe('changes by others that bypass the gateway', () => {
  it('are in the audit log, with the entity whose parameter changed', async () => {
    const gateway = await testGateway();
    emitChange(gateway);
    emitChange(gateway, { count: 40, lastNs: AT_NS + 9_000_000_000n, to: '7' });
    const [repeated, once] = await records(gateway);
    for (const record of [repeated, once]) assert.deepEqual(Compile(AuditRecord).Errors(record), []);
    const { hash, ...rest } = once ?? assert.fail();
    assert.match(hash, /^[0-9a-f]{64}$/);
    assert.deepEqual(rest, {
      id: 1,
      timestamp: '2026-03-23T02:12:53.000000000Z',
      kind: 'observed',
      observed: {
        entity_type: 'app',
        entity_id: 'lidar_driver',
        collection: 'configurations',
        node: '/lidar_driver',
        item: 'scan_rate_hz',
        from: '10',
        to: '5',
        count: 1,
      },
    });
    assert.deepEqual([repeated?.observed?.count, repeated?.observed?.until], [40, '2026-03-23T02:13:02.000000000Z']);
    const { checked, intact } = (await gateway.app.inject('/api/v1/x-medkit-audit/verify')).json();
    assert.deepEqual([checked, intact], [2, true]);
    await gateway.app.close();
  });

  it('are found by the same filters as requests, and not as faults', async () => {
    const gateway = await testGateway();
    emitChange(gateway);
    emitChange(gateway, { nativeId: '/of_nobody' });
    await gateway.app.inject({
      method: 'PUT',
      url: '/api/v1/apps/lidar_driver/logs/configuration',
      payload: { max_entries: 7 },
    });
    const found = async (query: string) => (await records(gateway, query)).map(({ id }) => id);
    assert.deepEqual(await found('kind=observed'), [2, 1]);
    assert.deepEqual(await found('entity=lidar_driver'), [3, 1]);
    assert.deepEqual(await found('collection=configurations'), [2, 1]);
    assert.deepEqual(await found('kind=fault'), []);
    assert.deepEqual(await found('fault_code=__observed__'), []);
    assert.deepEqual(await found('outcome=done'), [3]);
    await gateway.app.close();
  });

  it('show no secret, and only the beginning of a long text', async () => {
    const gateway = await testGateway();
    emitChange(gateway, { name: 'wifi.password', from: '"w-1"', to: '"w-2"' });
    emitChange(gateway, { name: `${'n'.repeat(1000)}`, to: 'x'.repeat(1000) });
    const [long, secret] = await records(gateway);
    assert.deepEqual([secret?.observed?.from, secret?.observed?.to], ['(not shown)', '(not shown)']);
    assert.deepEqual([long?.observed?.item?.length, long?.observed?.to?.length], [256, 256]);
    await gateway.app.close();
  });

  it('are recorded only at this gateway, and not if requests are not audited or observation is off', async () => {
    for (const [audit, count] of [
      [{}, 1],
      [{ observed: false }, 0],
      [{ requests: 'off' }, 0],
    ] as const) {
      const gateway = await testGateway({ audit });
      gateway.model.events.emit('configuration.changed', { runtime: 'arm', origin: 'arm', ...CHANGE });
      emitChange(gateway);
      assert.equal((await records(gateway)).length, count);
      await gateway.app.close();
    }
  });
});
