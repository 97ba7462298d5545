import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { app } from '@medkit/core/testing';
import { bearer, PASSWORD } from './account-gateway.ts';
import { keyOf, SCOPE, scopedRobot } from './scoped-robot.ts';

let gateway: Awaited<ReturnType<typeof scopedRobot>>;
let admin: Readonly<Record<string, string>>;
let scoped: Readonly<Record<string, string>>;

before(async () => {
  gateway = await scopedRobot(true);
  [admin, scoped] = [await keyOf(gateway), await keyOf(gateway, [SCOPE])];
});
after(() => gateway.close());

const NEAR = '/apps/arm_driver';
const POSE = `/api/v1${NEAR}/data/pose`;
/** The two collections, and the bodies that create an item of each. */
const KINDS = [
  [
    'triggers',
    (resource: string) => ({ resource, trigger_condition: { condition_type: 'OnChange' }, multishot: true }),
  ],
  ['cyclic-subscriptions', (resource: string) => ({ resource, interval: 'fast', duration: 3600 })],
] as const;

const send = (method: string, path: string, body?: unknown, headers = scoped) =>
  gateway.ask(method, path, { headers, ...(body !== undefined && { body }) });

for (const [collection, bodyOf] of KINDS) {
  describe(`the ${collection} of an account with scopes`, () => {
    it('observe the data, operations and logs of its entities', async () => {
      for (const resource of [POSE, `/api/v1${NEAR}/operations`, `/api/v1${NEAR}/logs`]) {
        const { status, body, text } = await send('POST', `${NEAR}/${collection}`, bodyOf(resource));
        assert.equal(status, 201, text);
        const path = `${NEAR}/${collection}/${body.id}`;
        assert.equal((await send('GET', path)).body.observed_resource, resource);
        assert.equal((await send('DELETE', path)).status, 204);
      }
    });

    it('observe no faults, which can name other entities', async () => {
      const { status, body } = await send('POST', `${NEAR}/${collection}`, bodyOf(`/api/v1${NEAR}/faults`));
      assert.equal(status, 403);
      assert.match(body.message, /cannot observe faults, .* use configurations, data, logs, operations$/);
    });

    it('need the collection and the observed collection in the scopes', async () => {
      for (const [collections, status] of [
        [[collection], 403],
        [['data'], 403],
        [[collection, 'data'], 201],
      ] as const) {
        const key = await keyOf(gateway, [{ entities: ['apps/arm_driver'], collections }]);
        const made = await send('POST', `${NEAR}/${collection}`, bodyOf(POSE), key);
        assert.equal(made.status, status, `${collections}: ${made.text}`);
        if (status === 201) await send('DELETE', `${NEAR}/${collection}/${made.body.id}`, undefined, key);
      }
      assert.equal(
        (await send('POST', `/functions/pick/${collection}`, bodyOf('/api/v1/functions/pick/data/pose'))).status,
        403,
      );
    });

    it('name no entity out of scope in errors', async () => {
      const errorFor = async (id: string) => {
        const { status, text } = await send('POST', `${NEAR}/${collection}`, bodyOf(`/api/v1/apps/${id}/data/x`));
        return [status, text.replaceAll(id, 'ID')];
      };
      assert.deepEqual(await errorFor('zzh_app'), await errorFor('nob_app'));
    });

    it('do not include those of others on faults, which exist for accounts without scopes only', async () => {
      const { body } = await send('POST', `${NEAR}/${collection}`, bodyOf(`/api/v1${NEAR}/faults`), admin);
      const path = `${NEAR}/${collection}/${body.id}`;
      for (const [method, suffix] of [
        ['GET', ''],
        ['GET', '/events'],
        ['PUT', ''],
        ['DELETE', ''],
      ] as const) {
        const change = method === 'PUT' ? { lifetime: 60, duration: 60 } : undefined;
        assert.equal((await send(method, `${path}${suffix}`, change)).status, 404, `${method} ${suffix}`);
      }
      const idsFor = async (headers: typeof scoped) =>
        (await send('GET', `${NEAR}/${collection}`, undefined, headers)).body.items.map(({ id }: { id: string }) => id);
      assert.deepEqual([await idsFor(scoped), await idsFor(admin)], [[], [body.id]]);
      await send('DELETE', path, undefined, admin);
    });
  });
}

describe('a trigger of an account', () => {
  it('observes neither updates nor collections of plugins if the account has scopes', async () => {
    for (const resource of ['/api/v1/updates/u', `/api/v1${NEAR}/x-medkit-graph`]) {
      const { status, body } = await send('POST', `${NEAR}/triggers`, KINDS[0][1](resource));
      assert.deepEqual([status, /cannot observe/.test(body.message)], [403, true], body.message);
    }
  });

  it('is suspended while the scopes of its owner do not include what it observes', async () => {
    const add = { name: 'eva', role: 'operator', password: PASSWORD, scopes: [SCOPE] };
    await gateway.accounts.users.add(add);
    const eva = bearer((await gateway.accounts.keys.add({ name: 'k', role: 'operator', owner: 'user:eva' })).text);
    const { body } = await send('POST', `${NEAR}/triggers`, KINDS[0][1](POSE), eva);
    const state = async () =>
      (await send('GET', `${NEAR}/triggers/${body.id}`, undefined, admin)).body['x-medkit'] as Record<string, unknown>;
    let value = 1;
    const fired = async () => {
      gateway.runtime.publish('/arm_driver', '/pose', { n: ++value });
      await new Promise((resolve) => setTimeout(resolve, 20));
      return (await state())['fired_total'];
    };
    await fired();
    const before = Number(await fired());
    assert.ok(before > 0);
    await gateway.accounts.users.change('eva', { scopes: [{ entities: ['apps/zzh_app'] }] });
    assert.match(String((await state())['problem']), /suspended, because the scopes of its owner user:eva/);
    assert.equal(await fired(), before);
    await gateway.accounts.users.change('eva', { scopes: [] });
    assert.equal('problem' in (await state()), false);
    assert.equal(await fired(), before + 1);
  });
});

describe('the stream of an account with scopes', () => {
  const TIMEOUT = { timeout: 30_000 };
  const leaving = new AbortController();

  /** Opens the streams of new items; `ended` resolves with their text. */
  const follow = async (url: string, headers: typeof scoped) =>
    Promise.all(
      KINDS.map(async ([collection, bodyOf]) => {
        const { body } = await send('POST', `${NEAR}/${collection}`, bodyOf(POSE), headers);
        const reply = await fetch(`${url}/api/v1${NEAR}/${collection}/${body.id}/events`, {
          headers,
          signal: leaving.signal,
        });
        assert.equal(reply.status, 200, reply.ok ? collection : await reply.text());
        let isOver = false;
        const ended = reply.text().finally(() => {
          isOver = true;
        });
        return { ended, isOver: () => isOver };
      }),
    );

  it('ends when its account or the tree takes the entity out of scope, and no other stream does', TIMEOUT, async () => {
    const url = await gateway.listen();
    const user = async (name: string, entities: readonly string[]) => {
      await gateway.accounts.users.add({ name, role: 'operator', password: PASSWORD, scopes: [{ entities }] });
      return bearer((await gateway.accounts.keys.add({ name, role: 'operator', owner: `user:${name}` })).text);
    };
    const apps = gateway.model.tree.all('app').filter(({ origin }) => origin === undefined);
    const tagged = (tags: readonly string[]) => {
      const { node, addresses } = gateway.model.tree.get('app', 'arm_driver')!;
      const changed = app('arm_driver', { node: node!, address: addresses![0]!, componentId: 'arm', tags });
      gateway.runtime.tell({ apps: [changed, ...apps.filter(({ id }) => id !== 'arm_driver')] });
      return gateway.clock.advanceAsync(1000, 100);
    };
    await tagged(['team=a']);
    const [byTag, byId, byAccount] = await Promise.all([
      follow(url, await user('tess', ['tag:team=a'])),
      follow(url, await user('ida', ['apps/arm_driver'])),
      follow(url, await user('axel', ['apps/arm_driver'])),
    ]);
    const others = await follow(url, admin);

    const startMs = performance.now();
    await gateway.accounts.users.change('axel', { scopes: [{ entities: ['apps/zzh_app'] }] });
    for (const { ended } of byAccount) assert.match(await ended, /x-medkit-auth\ndata: {"reason":"scope-changed"/);
    await tagged(['team=b']);
    for (const { ended } of byTag) assert.match(await ended, /x-medkit-auth\ndata: {"reason":"scope-changed"/);
    assert.ok(performance.now() - startMs < 5000);
    assert.deepEqual(
      [...byId, ...others].map(({ isOver }) => isOver()),
      [false, false, false, false],
    );
    leaving.abort();
    await Promise.allSettled([...byId, ...others].map(({ ended }) => ended));
  });
});
