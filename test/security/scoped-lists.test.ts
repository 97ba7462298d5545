import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { EntityScope } from '@medkit/core';
import { keyOf, SCOPE, SECRET, scopedRobot } from './scoped-robot.ts';

let gateway: Awaited<ReturnType<typeof scopedRobot>>;
let scoped: Readonly<Record<string, string>>;
let admin: Readonly<Record<string, string>>;

before(async () => {
  gateway = await scopedRobot(true);
  [admin, scoped] = [await keyOf(gateway), await keyOf(gateway, [SCOPE])];
});
after(() => gateway.close());

const get = (path: string, headers = scoped) => gateway.ask('GET', path, { headers });
/** Returns the reply for a key that may read these collections of the visible entities. */
const withCollections = async (path: string, collections: readonly string[]) =>
  get(path, await keyOf(gateway, [{ ...SCOPE, collections } satisfies EntityScope]));

describe('the search of an account with scopes', () => {
  const found = async (path: string, headers = scoped) => {
    const { status, text, body } = await get(path, headers);
    assert.equal(status, 200, text);
    return { text, total: body['x-medkit'].total, ids: body.items.map(({ id }: { id: string }) => id).sort() };
  };
  const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

  it('finds its entities and their resources alone, and counts no other ones', async () => {
    await found('/x-medkit-search?q=e', admin);
    await settled();
    const { text, total, ids } = await found('/x-medkit-search?q=e&limit=100');
    assert.doesNotMatch(text, SECRET);
    assert.equal(total, ids.length);
    for (const id of ['arm_driver', 'reset', '/pose', 'rate']) assert.ok(ids.includes(id), `${id}: ${ids}`);
    assert.deepEqual((await found('/x-medkit-search?q=MOTOR')).ids, ['MOTOR']);
    const hidden = await found('/x-medkit-search?q=zzh');
    assert.deepEqual([hidden.ids, hidden.total], [[], 0]);
    assert.ok((await found('/x-medkit-search?q=zzh', admin)).total > 5);
  });

  it('finds the resources of the collections in its scopes alone', async () => {
    const { body } = await withCollections('/x-medkit-search?q=arm_driver&limit=100', ['data']);
    const kinds = new Set(body.items.map(({ kind }: { kind: string }) => kind));
    assert.deepEqual([...kinds].sort(), ['app', 'data']);
  });
});

describe('the lists of a whole robot, for an account with scopes', () => {
  it('count the faults of its entities', async () => {
    const { status, text, body } = await get('/x-medkit-tree/faults');
    assert.deepEqual([status, SECRET.test(text)], [200, false]);
    assert.deepEqual(
      body.items.map(({ entity_id, error }: { entity_id: string; error: number }) => [entity_id, error]),
      [['arm_driver', 2]],
    );
    assert.deepEqual((await withCollections('/x-medkit-tree/faults', ['data'])).body.items, []);
  });

  it('have the executions of its operations and scripts', async () => {
    const idsOf = async (headers = scoped) => {
      const { text, body } = await get('/x-medkit-executions', headers);
      return { text, entities: body.items.map(({ entity_id }: { entity_id: string }) => entity_id).sort() };
    };
    const { text, entities } = await idsOf();
    assert.deepEqual([SECRET.test(text), entities], [false, ['arm_driver']]);
    assert.deepEqual((await idsOf(admin)).entities, ['arm_driver', 'zzh_app']);
    assert.equal((await get('/x-medkit-executions?entity=zzh_app')).status, 404);
    const others = await withCollections('/x-medkit-executions', ['operations']);
    assert.deepEqual(others.body.items, []);
  });

  it('have the log entries of its entities', async () => {
    for (const [logger, message] of [
      ['/arm_driver', 'visible'],
      ['/zzh_app', 'zzh'],
      ['/somebody', 'zzh too'],
    ] as const) {
      gateway.runtime.record({ timestampNs: gateway.clock.wallNs(), severity: 'info', logger, message });
    }
    for (const path of ['/logs', '/rosout', '/logs?area=line-2', '/logs?function=pick']) {
      const { status, text, body } = await get(path);
      assert.deepEqual([status, SECRET.test(text)], [200, false], text);
      assert.deepEqual(
        body.items.map(({ message }: { message: string }) => message),
        ['visible'],
        path,
      );
    }
    assert.equal((await get('/logs?area=zzh-area')).status, 404);
    assert.equal((await get('/rosout', admin)).body.items.length, 3);
    assert.deepEqual((await withCollections('/rosout', ['data'])).body.items, []);
  });
});

describe('the fault triggers of apps, for an account with scopes', () => {
  const ruleOf = (data_name: string, fault_code: string) => ({
    ...{ data_name, fault_code, operator: '<', threshold: 1, severity: 'WARNING' },
    path: data_name === '/zzh' ? '/zzh' : '/n',
  });

  it('are listed for its apps, and need their data in a scope', async () => {
    for (const [id, rule] of [
      ['arm_driver', ruleOf('/pose', 'LOW')],
      ['zzh_app', ruleOf('/zzh', 'ZZH_LOW')],
    ] as const) {
      const { status, text } = await gateway.ask('POST', `/apps/${id}/fault-triggers`, { headers: admin, body: rule });
      assert.equal(status, 201, text);
    }
    for (const path of ['/x-medkit-fault-triggers', '/apps/arm_driver/fault-triggers']) {
      const { text, body } = await get(path);
      assert.deepEqual([SECRET.test(text), body.items.length], [false, 1], text);
    }
    assert.equal((await get('/x-medkit-fault-triggers', admin)).body.items.length, 2);
    assert.equal((await get('/apps/zzh_app/fault-triggers')).status, 404);
    assert.deepEqual((await withCollections('/x-medkit-fault-triggers', ['fault-triggers'])).body.items, []);
    assert.equal((await withCollections('/apps/arm_driver/fault-triggers', ['fault-triggers'])).status, 403);
  });

  it('are not changed: a rule could report and clear a fault of another entity', async () => {
    const body = ruleOf('/pose', 'ZZH_FAULT');
    const made = await gateway.ask('POST', '/apps/arm_driver/fault-triggers', { headers: scoped, body });
    const deleted = await gateway.ask('DELETE', '/apps/arm_driver/fault-triggers/ftr_1', { headers: scoped });
    assert.deepEqual([made.status, deleted.status], [403, 403]);
  });
});
