import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { enrolTestRobot, type TestHub, testHub } from '../../packages/gateway/src/testing/test-hub.ts';

let hub: TestHub;

before(async () => {
  hub = await testHub();
  await enrolTestRobot(hub, 'amr-1', { site: 'berlin' });
  await enrolTestRobot(hub, 'amr-2', { site: 'ulm' });
});
after(() => hub.close());

const names = async (query: string) =>
  (await hub.fleet('GET', `/robots${query}`)).json().items.map(({ id }: { id: string }) => id);

describe('groups of robots', () => {
  it('are created, used as a filter, changed and deleted, and each change is in the audit log', async () => {
    const created = await hub.fleet('POST', '/groups', { id: 'north', site: 'berlin' });
    assert.equal(created.status, 201, created.text);
    assert.deepEqual(await names('?group=north'), ['amr-1']);
    assert.deepEqual((await hub.fleet('GET', '/faults?group=north')).json().items, []);
    const changed = await hub.fleet('PUT', '/groups/north', { site: 'ulm', labels: null });
    assert.deepEqual([changed.status, changed.json().site, changed.json().changed_by], [200, 'ulm', 'anonymous']);
    assert.deepEqual(await names('?group=north'), ['amr-2']);
    assert.deepEqual((await hub.fleet('GET', '/groups')).json().items, [changed.json()]);
    assert.equal((await hub.fleet('DELETE', '/groups/north')).status, 204);
    const { items } = (await hub.call('GET', '/api/v1/x-medkit-audit')).json();
    const operations = items.map((item: { request?: { operation_id?: string } }) => item.request?.operation_id);
    for (const operation of ['createFleetGroup', 'changeFleetGroup', 'deleteFleetGroup'])
      assert.ok(operations.includes(operation), operation);
  });

  it('are refused with the reason if the name is taken or invalid, or if there is no such group', async () => {
    await hub.fleet('POST', '/groups', { id: 'taken' });
    const refused = [
      [await hub.fleet('POST', '/groups', { id: 'taken' }), 409, 'precondition-not-fulfilled'],
      [await hub.fleet('POST', '/groups', { id: 'Two words' }), 400, 'invalid-request'],
      [await hub.fleet('POST', '/groups', { id: 'x', labels: Array(9).fill('a') }), 400, 'invalid-request'],
      [await hub.fleet('PUT', '/groups/other', {}), 404, 'resource-not-found'],
      [await hub.fleet('DELETE', '/groups/other'), 404, 'resource-not-found'],
      [await hub.fleet('GET', '/robots?group=other'), 400, 'invalid-parameter'],
    ] as const;
    for (const [reply, status, code] of refused)
      assert.deepEqual([reply.status, reply.json().error_code], [status, code], reply.text);
  });
});
