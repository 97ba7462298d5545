import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ALL_ROUTES, API_BASE, ROUTES, type Route, type RouteName } from '@medkit/contract';
import { routesWithRule, scopeRuleOf } from '../../packages/gateway/src/scopes/scoped-routes.ts';
import { type AccountGateway, bearer } from './account-gateway.ts';
import { addResources, HIDDEN, keyOf, SCOPE, SECRET, scopedRobot, unknownOf, VISIBLE } from './scoped-robot.ts';

/** Groups of routes that are about no entity and that only accounts without scopes use. */
const OTHERS =
  /^\/(?:x-medkit-(?:fleet|incidents|webhooks|audit|notify|uplink)|updates|auth\/(?:users|setup|keys))(?:\/|$)/;

let whole: AccountGateway;
let without: AccountGateway;
/** Path parameters of the entities in scope, and of their resources. */
let values: Readonly<Record<string, string>>;
const headers = new Map<AccountGateway, Readonly<Record<string, string>>>();

before(async () => {
  [whole, without] = await Promise.all([scopedRobot(true), scopedRobot(false)]);
  const made = await Promise.all([addResources(whole, true), addResources(without, false)]);
  assert.deepEqual(made[0].visible, made[1].visible);
  values = { ...VISIBLE, ...made[0].visible };
  for (const gateway of [whole, without]) {
    headers.set(gateway, await keyOf(gateway, [SCOPE]));
    // The first search reads the names of configurations in the background.
    await gateway.ask('GET', '/x-medkit-search?q=x', { headers: headers.get(gateway)! });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});
after(async () => {
  await Promise.all([whole.close(), without.close()]);
});

const isStream = ({ responses }: Route): boolean => responses[200]?.media === 'text/event-stream';
const pathOf = (route: Route, values: Readonly<Record<string, string>>): string =>
  route.path.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name] ?? 'x'));

async function ask(
  gateway: AccountGateway,
  route: Pick<Route, 'method' | 'body'>,
  path: string,
  method = route.method,
) {
  const [example] = Object.values(route.body?.examples ?? {});
  const reply = await gateway.ask(method.toUpperCase(), path, {
    headers: headers.get(gateway)!,
    ...(example !== undefined && { body: example }),
  });
  const { date: _, ...rest } = reply.headers;
  return { status: reply.status, headers: JSON.stringify(rest), text: reply.text };
}

async function assertUnknown(route: Pick<Route, 'method' | 'body'>, path: string, method = route.method) {
  const [secret, unknown] = [await ask(whole, route, path, method), await ask(whole, route, unknownOf(path), method)];
  assert.deepEqual(
    [secret.status, unknownOf(secret.text), unknownOf(secret.headers)],
    [unknown.status, unknown.text, unknown.headers],
    `${method} ${path}`,
  );
  return secret;
}

/** Replies without what depends on the time of the request or the number of requests before. */
const steady = (text: string): string =>
  text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME').replaceAll(/"(?:uptime|timestamp)[^,}]*/g, '');

describe('an account with scopes, on every route of the contract', () => {
  it('finds each route in the table of rules', () => {
    const known = new Set<Route>(routesWithRule().flatMap((name): readonly Route[] => ROUTES[name]));
    const missing = Object.entries<readonly Route[]>(ROUTES)
      .filter(([, [route]]) => route && !known.has(route) && !OTHERS.test(route.path))
      .filter(([, [route]]) => route!.permission !== 'self' && route!.permission !== 'public');
    assert.deepEqual(
      missing.map(([name]) => name),
      [],
      'add these routes to scoped-routes.ts',
    );
    for (const route of ALL_ROUTES) if (!known.has(route)) assert.equal(scopeRuleOf(route), 'refused');
  });

  it('gets for an entity out of scope what it gets for one that does not exist', async () => {
    for (const route of ALL_ROUTES.filter(({ path }) => path.includes('{'))) {
      await assertUnknown(route, pathOf(route, HIDDEN));
      if (route.method === 'get') await assertUnknown(route, pathOf(route, HIDDEN), 'head' as never);
      for (const name of [...route.path.matchAll(/\{(\w+)\}/g)].map(([, each]) => each!).slice(1)) {
        await assertUnknown(route, pathOf(route, { ...values, [name]: HIDDEN[name] ?? 'zzh' }));
      }
      if (route.kind === undefined) continue;
      const rule = scopeRuleOf(route);
      const { status, text } = await ask(whole, route, pathOf(route, HIDDEN));
      assert.equal(status, rule === 'refused' ? 403 : 404, `${route.operationId} ${text}`);
    }
  });

  it('reads nothing of the entities out of scope, with and without their names in the query', async () => {
    for (const route of ALL_ROUTES.filter((each) => each.method === 'get' && !isStream(each))) {
      const path = pathOf(route, values);
      const { headers: sent, text } = await ask(whole, route, path);
      assert.doesNotMatch(sent + text, SECRET, path);
      for (const { name, schema } of route.parameters.filter((each) => each.in === 'query')) {
        if ((schema as { readonly type?: unknown }).type !== 'string') continue;
        await assertUnknown(route, `${path}?${name}=zzh`);
        await assertUnknown(route, `${path}?${name}=zzh_app`);
      }
    }
  });

  it('gets the replies of a robot that has only the entities in scope', async () => {
    for (const route of ALL_ROUTES.filter((each) => !isStream(each) && scopeRuleOf(each) !== 'refused')) {
      // A fault of two entities needs the right to clear it at both, and a symptom stays muted at its fault manager.
      if (route.method !== 'get') continue;
      const path = pathOf(route, values);
      const [one, other] = [await ask(whole, route, path), await ask(without, route, path)];
      assert.deepEqual([one.status, steady(one.text)], [other.status, steady(other.text)], path);
    }
  });

  it('opens no stream but those of its entities', async () => {
    for (const route of ALL_ROUTES.filter(isStream).filter(({ permission }) => permission !== 'public')) {
      const isRefused = scopeRuleOf(route) === 'refused';
      // Opened in test/security/scoped-streams.test.ts.
      if (!isRefused && !route.path.includes('{')) continue;
      const { status, text } = await ask(whole, route, pathOf(route, isRefused ? values : HIDDEN));
      assert.deepEqual([status, SECRET.test(text)], isRefused ? [403, false] : [404, true], route.path);
    }
  });

  it('changes nothing of the entities out of scope', async () => {
    const admin = await keyOf(whole);
    const state = async () => {
      const paths = ['/apps/zzh_app', '/apps/zzh_app/configurations/zzh_rate', '/apps/zzh_app/data/%2Fzzh'];
      const texts = await Promise.all(paths.map((path) => whole.ask('GET', path, { headers: admin })));
      const faults = await whole.ask('GET', '/faults?status=all', { headers: admin });
      return [texts.map(({ text }) => steady(text)), faults.text.match(/ZZH_\w+/g)];
    };
    const before = await state();
    for (const route of ALL_ROUTES.filter(({ method }) => method !== 'get'))
      await ask(whole, route, pathOf(route, HIDDEN));
    assert.deepEqual(await state(), before);
  });
});

describe('an account with scopes', () => {
  const get = async (path: string, of = headers.get(whole)!) => whole.ask('GET', path, { headers: of });
  const idsOf = async (path: string, of?: Readonly<Record<string, string>>): Promise<readonly string[]> =>
    (await get(path, of)).body.items.map(({ id }: { id: string }) => id);

  it('has lists, relations and counts of its entities alone', async () => {
    assert.deepEqual(await idsOf('/areas'), ['line-2']);
    assert.deepEqual(await idsOf('/components'), ['arm']);
    assert.deepEqual(await idsOf('/apps'), ['arm_driver']);
    assert.deepEqual(await idsOf('/functions'), ['grip', 'pick']);
    assert.deepEqual(await idsOf('/functions/pick/hosts'), ['arm_driver']);
    assert.deepEqual(await idsOf('/x-medkit-tree'), ['cell', 'line-2', 'arm', 'gripper', 'arm_driver', 'grip', 'pick']);
    const { items, 'x-medkit': counts } = (await get('/faults')).body;
    assert.deepEqual(
      items.map((item: Record<string, unknown>) => [item['fault_code'], item['reporting_sources']]),
      [
        ['MOTOR', ['/arm_driver']],
        ['SHARED', ['/arm_driver']],
      ],
    );
    assert.deepEqual([counts.count, counts.muted_count], [2, 0]);
    const { environment_data } = (await get('/apps/arm_driver/faults/MOTOR')).body;
    assert.deepEqual(environment_data.snapshots, []);
  });

  it('of another gateway reads no faults of it, which that gateway would not limit', async () => {
    const far = await keyOf(whole, [{ entities: ['components/zzh-far/**'] }]);
    assert.deepEqual(await idsOf('/apps', far), ['zzh_far']);
    assert.equal((await get('/apps/zzh_far/data', far)).status, 200);
    const { status, body } = await get('/apps/zzh_far/faults', far);
    assert.equal(status, 403);
    assert.match(body.message, /send the request to that gateway/);
  });

  it('shares no cached reply with another account', async () => {
    const admin = await keyOf(whole);
    const [all, scoped] = [await get('/apps', admin), await get('/apps')];
    assert.match(all.text, SECRET);
    assert.doesNotMatch(scoped.text, SECRET);
    const etag = String(all.headers['etag']);
    const again = await get('/apps', { ...headers.get(whole)!, 'if-none-match': etag });
    assert.deepEqual([again.status, again.text], [200, scoped.text]);
    assert.match(String(scoped.headers['cache-control']), /no-store|private/);
  });

  it('cannot reach an entity out of scope by an alias, another spelling or another kind', async () => {
    for (const path of ['/apps/zzh-app', '/apps/arm-alias', '/components/zzh_press', '/apps/zzh-press']) {
      const { status, body } = await get(path);
      assert.deepEqual([status, body.error_code], [404, 'entity-not-found'], path);
    }
    assert.equal((await get('/components/arm_driver')).status, 400, 'a visible entity of another kind');
    assert.equal((await get('/apps/arm-driver/data')).status, 200, 'another spelling of a visible one');
  });

  it('gets 403 at a visible entity for an action that concerns others, with their number', async () => {
    const refused = await get('/functions/pick/data');
    assert.deepEqual([refused.status, SECRET.test(refused.text)], [403, false]);
    assert.match(refused.body.message, /concerns 1 entity that pick contains/);
    const cleared = await whole.ask('DELETE', '/apps/arm_driver/faults/SHARED', { headers: headers.get(whole)! });
    assert.deepEqual([cleared.status, SECRET.test(cleared.text)], [403, false], cleared.text);
    assert.match(cleared.body.message, /2 entities outside|1 entity outside/);
  });

  it('learns from the error of a lock neither the locked entity nor its holder', async () => {
    const lock = async (path: string) =>
      whole.ask('POST', `${path}/locks`, {
        headers: { ...(await keyOf(whole)), 'x-client-id': 'zzh-client' },
        body: { lock_expiration: 60, scopes: ['configurations'] },
      });
    const { body } = await lock('/areas/zzh-area');
    const put = () =>
      whole.ask('PUT', '/apps/arm_driver/configurations/rate', { headers: headers.get(whole)!, body: { data: 2 } });
    const { status, text } = await put();
    assert.deepEqual([status, SECRET.test(text)], [409, false], text);
    await whole.ask('DELETE', `/areas/zzh-area/locks/${body.id}`, {
      headers: { ...(await keyOf(whole)), 'x-client-id': 'zzh-client' },
    });
    assert.equal((await put()).status, 200);
  });

  it('may do what a scope permits, and gets 403 for other collections and permissions', async () => {
    const limited = await keyOf(whole, [
      { entities: ['components/arm/**'], collections: ['faults'], permissions: ['read', 'faults.clear'] },
      { entities: ['kind:areas'], collections: ['data'] },
    ]);
    const send = (method: string, path: string) => whole.ask(method, path, { headers: limited });
    assert.deepEqual(
      await Promise.all(
        (
          [
            ['GET', '/apps/arm_driver'],
            ['GET', '/apps/arm_driver/faults'],
            ['GET', '/apps/arm_driver/data'],
            ['PUT', '/apps/arm_driver/configurations/rate'],
            ['GET', '/areas/line-2'],
            ['GET', '/areas/line-2/faults'],
            ['GET', '/apps/zzh_app/faults'],
            ['GET', '/functions/grip'],
          ] as const
        ).map(async ([method, path]) => (await send(method, path)).status),
      ),
      [200, 200, 403, 403, 200, 403, 404, 404],
    );
    assert.equal((await send('DELETE', '/apps/arm_driver/faults/MOTOR')).status, 204);
    assert.deepEqual(await idsOf('/areas/zzh-area/subareas', limited), ['line-2']);
  });

  it('selects entities by tag and kind, and everything with **', async () => {
    const of = (...entities: readonly string[]) => keyOf(whole, [{ entities }]);
    const tree = async (...entities: readonly string[]) => idsOf('/x-medkit-tree', await of(...entities));
    assert.deepEqual(await tree('tag:supplier=acme'), ['arm']);
    assert.deepEqual(await tree('tag:supplier=acme/**'), ['arm', 'gripper', 'arm_driver']);
    assert.deepEqual(await tree('kind:functions'), ['grip', 'pick', 'zzh-func']);
    assert.deepEqual(await tree('components/nothing'), []);
    assert.equal((await tree('**')).length, (await idsOf('/x-medkit-tree', await keyOf(whole))).length);
  });

  it('has documents of its entities alone', async () => {
    for (const path of ['/apps/arm_driver/docs', '/apps/arm_driver/data/docs', '/apps/docs', '/areas/line-2/docs']) {
      const { status, text } = await get(path);
      assert.deepEqual([status, SECRET.test(text)], [200, false], path);
    }
    const route = { method: 'get' as const };
    for (const path of ['/apps/zzh_app/docs', '/apps/zzh_app/data/docs', '/components/zzh-press/faults/docs'])
      assert.equal((await assertUnknown(route, path)).status, 404, path);
    assert.equal((await get('/functions/pick/data/docs')).status, 403);
  });

  it('cannot read health, metrics and pages of the whole robot, nor manage accounts', async () => {
    const { status, text } = await get('/health');
    assert.deepEqual([status, SECRET.test(text)], [200, false]);
    const { permissions } = (await get('/x-medkit-me')).body;
    assert.deepEqual(
      ['accounts', 'impersonate', 'read'].map((each) => permissions.includes(each)),
      [false, false, true],
    );
    assert.equal((await get('/auth/users')).status, 403);
    const metrics = await whole.server.inject({
      url: '/metrics',
      headers: { host: 'localhost', ...headers.get(whole)! },
    });
    assert.ok([403, 404].includes(metrics.statusCode) && !SECRET.test(metrics.payload), metrics.payload);
  });

  it('gives its limits to its keys, also limits that it gets later', async () => {
    const user = await whole.accounts.users.add({
      name: 'eva',
      role: 'operator',
      password: 'tin roof, rain, Tuesday',
      scopes: [{ entities: ['areas/line-2/**'] }],
    });
    assert.deepEqual(user.scopes, [{ entities: ['areas/line-2/**'] }]);
    const { text } = await whole.accounts.keys.add({
      name: 'k',
      role: 'viewer',
      owner: 'user:eva',
      scopes: [{ entities: ['**'], collections: ['data'] }],
    });
    assert.deepEqual(await idsOf('/apps', bearer(text)), ['arm_driver']);
    assert.equal((await get('/apps/arm_driver/faults', bearer(text))).status, 403);
    await whole.accounts.users.change('eva', { scopes: [{ entities: ['apps/zzh_app'] }] });
    assert.deepEqual(await idsOf('/apps', bearer(text)), ['zzh_app']);
    await whole.accounts.users.change('eva', { scopes: [] });
    assert.deepEqual(await idsOf('/apps', bearer(text)), ['arm_driver', 'zzh_app', 'zzh_far']);
  });

  it('is created and changed over HTTP, with errors that name the remedy', async () => {
    const admin = await keyOf(whole);
    const create = (body: object) =>
      whole.ask('POST', '/auth/users', { headers: admin, body: { role: 'viewer', ...body } });
    const created = await create({
      name: 'otto',
      scopes: [{ entities: ['components/arm/**'], permissions: ['read'] }],
    });
    assert.deepEqual(created.body.scopes, [{ entities: ['components/arm/**'], permissions: ['read'] }], created.text);
    for (const [scope, message] of [
      [{ entities: ['robots/arm'] }, /names no entities: use areas\/<id>/],
      [{ entities: ['apps/a b'] }, /names no entities/],
      [{ entities: ['apps/a'], permissions: ['raed'] }, /did you mean read/],
      [{ entities: ['apps/a'], collections: ['Größe'] }, /is no collection/],
    ] as const) {
      const { status, body } = await create({ name: 'x', scopes: [scope] });
      assert.equal(status, 400);
      assert.match(body.message, message);
    }
    assert.equal((await create({ name: 'x', scopes: Array(17).fill({ entities: ['**'] }) })).status, 400);
    assert.equal((await create({ name: 'x', scopes: [{ entities: [] }] })).status, 400);
  });

  it('has rules for route names that exist', () => {
    const names: readonly RouteName[] = routesWithRule();
    for (const name of names) assert.ok(ROUTES[name], name);
    assert.equal(API_BASE, '/api/v1');
  });
});
