import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { AccountGateway } from './account-gateway.ts';
import { addResources, keyOf, SCOPE, SECRET, scopedRobot } from './scoped-robot.ts';

let gateway: AccountGateway;
let made: Awaited<ReturnType<typeof addResources>>;
let admin: Readonly<Record<string, string>>;
let scoped: Readonly<Record<string, string>>;

before(async () => {
  gateway = await scopedRobot(true);
  made = await addResources(gateway, true);
  [admin, scoped] = [await keyOf(gateway), await keyOf(gateway, [SCOPE])];
});
after(() => gateway.close());

const send = (method: string, path: string, body?: unknown, headers = scoped) =>
  gateway.ask(method, path, { headers: { 'x-client-id': 'c', ...headers }, ...(body !== undefined && { body }) });
const FAR = '/apps/zzh_app';
const NEAR = '/apps/arm_driver';

describe('the files of entities, for an account with scopes', () => {
  it('are those that were uploaded to its entities', async () => {
    const { file_id } = made.visible;
    assert.deepEqual((await send('GET', `${NEAR}/bulk-data`)).body.items, ['maps']);
    for (const path of [NEAR, '/components/arm', '/areas/line-2', '/functions/grip']) {
      const { items, 'x-medkit': about } = (await send('GET', `${path}/bulk-data/maps`)).body;
      assert.deepEqual([items.map(({ id }: { id: string }) => id), about.total_count], [[file_id], 1], path);
      assert.equal((await send('GET', `${path}/bulk-data/maps/${file_id}`)).text, 'hall.yaml', path);
    }
    assert.equal((await send('GET', `${NEAR}/bulk-data/maps/${made.hidden?.file_id}`)).status, 404);
    assert.equal((await send('GET', '/functions/pick/bulk-data/maps')).status, 403);
  });

  it('do not include the evidence of faults, which has values of all entities', async () => {
    assert.deepEqual((await send('GET', `${NEAR}/bulk-data`, undefined, admin)).body.items.slice(0, 2), [
      'rosbags',
      'snapshots',
    ]);
    for (const category of ['rosbags', 'snapshots']) {
      for (const path of [category, `${category}/MOTOR`]) {
        const { status, body } = await send('GET', `${NEAR}/bulk-data/${path}`);
        assert.deepEqual(
          [status, body.message],
          [404, `There is no bulk data category "${category}"`],
          `as for a category that does not exist: ${path}`,
        );
      }
    }
  });

  it('of a child are reached through its parent, if the scopes include both', async () => {
    const child = '/areas/line-2/subareas/cell/bulk-data';
    assert.deepEqual((await send('GET', child)).body.items, ['maps']);
    assert.deepEqual((await send('GET', `${child}/maps`)).body.items, []);
    const far = await send('GET', '/areas/line-2/subareas/zzh-area/bulk-data');
    const none = await send('GET', '/areas/line-2/subareas/nob-area/bulk-data');
    assert.deepEqual([far.status, far.text], [none.status, none.text.replaceAll('nob', 'zzh')]);
    const parent = await keyOf(gateway, [{ entities: ['areas/line-2'] }]);
    assert.equal((await send('GET', child, undefined, parent)).status, 403);
    const files = await keyOf(gateway, [{ entities: ['areas/line-2/**'], collections: ['bulk-data'] }]);
    assert.equal((await send('GET', child, undefined, files)).status, 200);
    const faults = await keyOf(gateway, [{ entities: ['areas/line-2/**'], collections: ['faults', 'subareas'] }]);
    assert.equal((await send('GET', child, undefined, faults)).status, 403);
  });
});

describe('the scripts of entities, for an account with scopes', () => {
  it('are listed, read and run at its entities only', async () => {
    const { items } = (await send('GET', `${NEAR}/scripts`)).body;
    assert.deepEqual(
      items.map(({ id }: { id: string }) => id),
      ['calibrate'],
    );
    const run = `${NEAR}/scripts/calibrate/executions`;
    const started = await send('POST', run, { execution_type: 'now' });
    assert.deepEqual([started.status, started.headers['location']], [202, `/api/v1${run}/1`]);
    assert.equal((await send('GET', `${run}/1`)).body['x-medkit'].stdout, 'calibrate has run');
    assert.equal((await send('PUT', `${run}/1`, { action: 'stop' })).status, 200);
    assert.equal((await send('DELETE', `${run}/1`)).status, 204);
    const far = `${FAR}/scripts/zzh_script/executions`;
    for (const [method, path, body] of [
      ['GET', `${FAR}/scripts`, undefined],
      ['POST', far, { execution_type: 'now' }],
      ['GET', `${far}/1`, undefined],
      ['PUT', `${far}/1`, { action: 'stop' }],
      ['DELETE', `${far}/1`, undefined],
    ] as const) {
      const { status, body: error } = await send(method, path, body);
      assert.deepEqual([status, error.error_code], [404, 'entity-not-found'], `${method} ${path}`);
    }
  });

  it('are not uploaded: an upload could do what no entity offers', async () => {
    const { status } = await send('POST', `${NEAR}/scripts`, {});
    assert.equal(status, 403);
  });

  it('need the permission and the collection in a scope', async () => {
    const run = `${NEAR}/scripts/calibrate/executions`;
    const reader = await keyOf(gateway, [{ entities: ['apps/arm_driver'], permissions: ['read'] }]);
    const other = await keyOf(gateway, [{ entities: ['apps/arm_driver'], collections: ['data'] }]);
    for (const key of [reader, other]) {
      assert.equal((await send('POST', run, { execution_type: 'now' }, key)).status, 403);
    }
    assert.equal((await send('GET', run, undefined, reader)).status, 200);
  });
});

describe('the lists of all locks, triggers and scripts, for an account with scopes', () => {
  const LISTS = ['locks', 'triggers', 'scripts'] as const;
  const idsOf = async (list: string, headers: typeof scoped) => {
    const { status, text, body } = await send('GET', `/x-medkit-${list}`, undefined, headers);
    return { status, text, ids: body.items?.map(({ id }: { id: string }) => id) };
  };

  it('have those of its entities', async () => {
    const { visible } = made;
    const expected = { locks: visible['lock_id'], triggers: visible['trigger_id'], scripts: 'calibrate' };
    for (const list of LISTS) {
      const { status, text, ids } = await idsOf(list, scoped);
      assert.deepEqual([status, SECRET.test(text), ids], [200, false, [expected[list]]], list);
      assert.ok((await idsOf(list, admin)).ids.length > 1, list);
    }
    assert.equal((await send('GET', '/x-medkit-scripts?entity=zzh_app')).status, 404);
  });

  it('need the collection in a scope', async () => {
    for (const list of LISTS) {
      const key = await keyOf(gateway, [{ entities: ['apps/arm_driver'], collections: [list, 'data'] }]);
      const counts = await Promise.all(LISTS.map(async (each) => (await idsOf(each, key)).ids.length));
      assert.deepEqual(
        counts,
        LISTS.map((each) => (each === list ? 1 : 0)),
        list,
      );
    }
  });
});

describe('the locks of entities, for an account with scopes', () => {
  const lock = (path: string, headers = scoped, scopes = ['operations']) =>
    send('POST', `${path}/locks`, { lock_expiration: 60, scopes }, headers);
  const release = (path: string, id: string, headers = scoped) =>
    send('DELETE', `${path}/locks/${id}`, undefined, headers);

  it('are acquired, listed, extended and released at its entities', async () => {
    const { status, body } = await lock('/components/gripper');
    assert.equal(status, 201);
    const path = `/components/gripper/locks/${body.id}`;
    assert.equal((await send('GET', path)).body.owned, true);
    assert.equal((await send('PUT', path, { lock_expiration: 120 })).status, 204);
    assert.deepEqual((await send('GET', '/components/gripper/locks')).body.items.length, 1);
    assert.equal((await release('/components/gripper', body.id)).status, 204);
    assert.equal((await lock(FAR)).status, 404);
    assert.equal((await lock('/functions/pick')).status, 403, 'it would close zzh_app');
    assert.equal((await send('GET', `${NEAR}/locks/${made.hidden?.lock_id}`)).status, 404);
  });

  it('list the locks of containers only if these are in scope', async () => {
    const held = (await lock('/areas/zzh-area', admin)).body;
    const visible = (await lock('/areas/line-2', admin, ['configurations'])).body;
    const effective = async (headers: typeof scoped) => {
      const { text, body } = await send('GET', `${NEAR}/locks?effective=true`, undefined, headers);
      return { text, on: body.items.map(({ entity }: { entity: { id: string } }) => entity.id) };
    };
    assert.deepEqual((await effective(admin)).on.toSorted(), ['arm_driver', 'line-2', 'zzh-area']);
    const { text, on } = await effective(scoped);
    assert.deepEqual([on.toSorted(), SECRET.test(text)], [['arm_driver', 'line-2'], false]);
    await release('/areas/line-2', visible.id, admin);

    const refused = await lock(NEAR);
    assert.deepEqual([refused.status, SECRET.test(refused.text), refused.text.includes(held.id)], [409, false, false]);
    await release('/areas/zzh-area', held.id, admin);
    const granted = await lock('/components/gripper');
    assert.equal(granted.status, 201);
    await release('/components/gripper', granted.body.id);
  });
});
