import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { JsonValue } from '@medkit/core';
import { app, functionEntity } from '@medkit/core/testing';
import type { PluginRoute } from '@medkit/plugin';
import Fastify from 'fastify';
import { admitRoutes } from '../../packages/gateway/src/plugins/admit-routes.ts';
import { route } from '../../packages/gateway/src/testing/plugin-gateway.ts';
import { eventually } from '../harness/eventually.ts';
import { type RealGatewayOptions, realGateway } from './real-gateway.ts';

type Gateway = Awaited<ReturnType<typeof realGateway>>;

const opened: Pick<Gateway, 'close'>[] = [];

function robot(name: string): RealGatewayOptions['robot'] {
  return { apps: [app('lidar'), app(`${name}_arm`)], functions: [functionEntity(`${name}_pick`, [`${name}_arm`])] };
}

/** Starts a gateway whose plugin serves these routes. */
async function start(instance: string, routes: readonly PluginRoute[], options: Partial<RealGatewayOptions> = {}) {
  const plugins = {
    samplers: new Map(),
    transports: new Map(),
    conditions: { get: () => undefined, names: () => [] },
    updates: undefined,
    logs: undefined,
    scripts: [],
    health: () => ({ warnings: [], blocks: {} }),
    routes: admitRoutes([{ name: 'pump', routes }]).routes,
  };
  const gateway = await realGateway({ instance, robot: robot(instance), parts: { plugins }, ...options });
  opened.push(gateway);
  return gateway;
}

const parameter = (name: string) => ({ name, in: 'path' as const, description: 'Which', schema: { type: 'string' } });

/** Routes that echo the request. */
const PUMP: readonly PluginRoute[] = [
  route('/apps/{app_id}/x-pump', async ({ path, query }) => ({
    headers: { ETag: '"7"', 'Set-Cookie': 'a=b', 'X-Pump': '1' },
    body: { entity_id: path['app_id'] ?? '', query: query as JsonValue, href: `/api/v1/apps/${path['app_id']}/x-pump` },
  })),
  route(
    '/apps/{app_id}/x-pump/valves/{valve}',
    async ({ path, body }) => ({ status: 202, body: { path, body: body ?? null } }),
    {
      method: 'put',
      parameters: [parameter('valve')],
      body: { schema: {}, description: 'How far', examples: {} },
    },
  ),
  route('/functions/{function_id}/x-pump', async ({ path }) => ({ text: `${path['function_id']} pumps` })),
];

describe('a route that only a plugin of another gateway has', () => {
  let [yard, head]: Gateway[] = [];
  const at = () => {
    assert.ok(yard && head);
    return { yard, head };
  };
  before(async () => {
    yard = await start('yard', PUMP);
    head = await start('dock', [], { peers: { yard: yard.url } });
    await eventually('the peer', async () => (await head?.ask('GET', '/apps/yard_arm'))?.status === 200);
  });
  after(async () => {
    for (const gateway of opened.splice(0).reverse()) await gateway.close();
  });

  it('is answered by that gateway, in local names, with the headers of the document', async () => {
    const { status, headers, body } = await at().head.ask('GET', '/apps/yard__lidar/x-pump?speed=7');
    assert.equal(status, 200);
    assert.deepEqual(body, {
      entity_id: 'yard__lidar',
      query: { speed: '7' },
      href: '/api/v1/apps/yard__lidar/x-pump',
    });
    assert.deepEqual([headers.get('etag'), headers.get('set-cookie'), headers.get('x-pump')], ['"7"', null, null]);
    const text = await at().head.ask('GET', '/functions/yard_pick/x-pump');
    assert.deepEqual([text.status, text.text], [200, 'yard_pick pumps']);
    assert.equal((await fetch(`${at().head.url}/api/v1/apps/yard_arm/x-pump`, { method: 'HEAD' })).status, 200);
  });

  it('receives the request body, and rejects what it does not accept', async () => {
    const { head } = at();
    const { status, body } = await head.ask('PUT', '/apps/yard_arm/x-pump/valves/left', { open: 0.5 });
    assert.deepEqual([status, body], [202, { path: { app_id: 'yard_arm', valve: 'left' }, body: { open: 0.5 } }]);
    const refused = await head.ask('DELETE', '/apps/yard_arm/x-pump/valves/left');
    assert.deepEqual([refused.status, refused.headers.get('allow')], [405, 'PUT']);
    const missing = await head.ask('GET', '/apps/yard_arm/x-nothing');
    assert.deepEqual([missing.status, missing.body.error_code], [404, 'resource-not-found']);
  });

  it('is in the audit log of this gateway if it changes something', async () => {
    const { head } = at();
    const entriesOf = async (path: string) => {
      const localOnly = { 'x-medkit-no-fan-out': '1' };
      const { items } = (await head.ask('GET', '/x-medkit-audit', undefined, localOnly)).body;
      return items.filter(
        ({ request }: { readonly request?: { readonly path?: string } }) => request?.path === `/api/v1${path}`,
      );
    };
    await head.ask('PUT', '/apps/yard_arm/x-pump/valves/right', { open: 1 });
    await head.ask('PUT', '/apps/dock_arm/x-pump/valves/right', { open: 1 });
    assert.equal((await entriesOf('/apps/yard_arm/x-pump/valves/right')).length, 1);
    assert.equal((await entriesOf('/apps/dock_arm/x-pump/valves/right')).length, 0);
  });

  it('does not exist for a local entity, nor below a collection of the contract, in any spelling', async () => {
    const { head } = at();
    const statusOf = async (method: string, path: string) => (await head.ask(method, path)).status;
    assert.equal(await statusOf('GET', '/apps/dock_arm/x-pump'), 404);
    assert.equal(await statusOf('PUT', '/apps/dock_arm/x-pump/valves/left'), 404);
    assert.equal(await statusOf('GET', '/apps/nobody/x-pump'), 404);
    assert.equal(await statusOf('PUT', '/apps/dock_arm/data'), 405);
    for (const path of ['/locks/a/b', '/%6cocks/a/b', '//x-pump', '/x-pump//valves/left'])
      assert.equal(await statusOf('POST', `/apps/yard_arm${path}`), 404, path);
    assert.equal(await statusOf('PUT', '/apps/yard_arm/data'), 405);
  });
});

describe('a request without a matching route', () => {
  it('is forwarded unchanged to the owner of the entity, after its client was authorized here', async () => {
    const got: { readonly url: string; readonly type: string | undefined; readonly text: string }[] = [];
    const stranger = Fastify();
    const entity = { id: 'crane', name: 'crane', type: 'app', href: '/api/v1/apps/crane' };
    stranger.get('/api/v1/apps', async () => ({ items: [entity] }));
    stranger.get('/api/v1/apps/crane', async () => ({ ...entity, 'x-medkit': { source: 'manifest' } }));
    for (const kind of ['areas', 'components', 'functions'])
      stranger.get(`/api/v1/${kind}`, async () => ({ items: [] }));
    stranger.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    stranger.post('/api/v1/apps/crane/x-firmware', async ({ url, headers, body }) => {
      got.push({ url, type: headers['content-type'], text: String(body) });
      return { ok: true };
    });
    const url = await stranger.listen({ host: '127.0.0.1', port: 0 });
    const token = 'a-long-enough-secret';
    const head = await start('dock', [], { peers: { crane_gateway: url }, config: { server: { token } } });
    const authorization = `Bearer ${token}`;
    try {
      await eventually(
        'the crane',
        async () => (await head.ask('GET', '/apps/crane', undefined, { authorization })).status === 200,
      );
      const send = (headers: Record<string, string>) =>
        fetch(`${head.url}/api/v1/apps/crane/x-firmware?slot=2`, {
          method: 'POST',
          headers: { 'content-type': 'application/octet-stream', ...headers },
          body: 'octets'.repeat(100_000),
        });
      assert.deepEqual([(await send({})).status, got.length], [401, 0]);
      assert.equal((await send({ authorization })).status, 200);
      assert.deepEqual(
        got.map(({ url, type, text }) => [url, type, text.length]),
        [['/api/v1/apps/crane/x-firmware?slot=2', 'application/octet-stream', 600_000]],
      );
    } finally {
      await head.close();
      opened.splice(0);
      await stranger.close();
    }
  });
});
