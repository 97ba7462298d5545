import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ALL_ROUTES, type Permission } from '@medkit/contract';
import { ALL_PERMISSIONS, type Principal } from '@medkit/core';
import Fastify from 'fastify';
import { isAuthorised, notAuthorised } from '../security/authorise.ts';
import { module, pluginGateway, route } from '../testing/plugin-gateway.ts';
import { openChain, putPage } from './chain.ts';
import { routerUrl } from './register-routes.ts';

const TOKEN = 'a-long-enough-secret';
const AUTHORIZED = { authorization: `Bearer ${TOKEN}` };
/** Documents and pages that contain no data of the robot. */
const PUBLIC = [
  '/',
  '/docs',
  '/api/v1/health',
  '/api/v1/auth/setup',
  '/api/v1/docs',
  '/api/v1/swagger-ui',
  '/api/v1/swagger-ui/start.js',
];
const PAGES = ['/api/v1/docs/apps', '/api/v1/docs/apps/lidar/data', '/api/v1/apps/lidar/docs'];

const guarded = await pluginGateway(
  {
    p: module(async () => ({
      routes: [route('/apps/{app_id}/x-pump', async () => ({ body: {} }), { method: 'post' })],
    })),
  },
  { token: TOKEN },
);

const GUARDED = ALL_ROUTES.filter(({ permission }) => permission !== 'public');

/** Every method and address that the server has, and some that it has not. The router only needs to match the route. */
const served = [
  ...GUARDED.map((each) => [each.method.toUpperCase(), routerUrl(each).replace(/:\w+|\*/g, 'lidar')] as const),
  ...GUARDED.filter(({ method }) => method === 'get').map((each) => ['HEAD', routerUrl(each)] as const),
  ...PAGES.flatMap((url) => [['GET', url] as const, ['HEAD', url] as const]),
  ['POST', '/api/v1/apps/lidar/x-pump'],
  ['POST', '/api/v1/areas/lidar/bulk-data/maps'],
  ['OPTIONS', '/api/v1/apps'],
  ['PATCH', '/api/v1/apps'],
  ['GET', '/api/v1/nowhere'],
  ['GET', '/nowhere'],
] as const;

describe('the chain that every request passes', () => {
  it('refuses every request without a credential, whatever the route and the method', async () => {
    for (const [method, url] of served) {
      const reply = await guarded.server.inject({ method, url });
      assert.equal(reply.statusCode, 401, `${method} ${url}`);
      assert.equal(reply.headers['www-authenticate'], 'Bearer realm="medkit"', `${method} ${url}`);
    }
  });

  it('admits the token to every route', async () => {
    const streams = ALL_ROUTES.filter(({ responses }) => responses[200]?.media === 'text/event-stream').map(routerUrl);
    for (const [method, url] of served) {
      if (streams.some((stream) => url === stream || url === stream.replace(/:\w+/g, 'lidar'))) continue;
      const reply = await guarded.server.inject({ method, url, headers: AUTHORIZED });
      assert.ok(![401, 403].includes(reply.statusCode), `${method} ${url}: ${reply.statusCode}`);
    }
  });

  it('serves public paths to every client', async () => {
    for (const url of PUBLIC) {
      assert.equal((await guarded.server.inject({ method: 'GET', url })).statusCode, 200, url);
    }
  });

  it('refuses to start with a route that declares no permission', () => {
    const app = Fastify();
    openChain(app, () => ({ principal: who('admin'), credential: { kind: 'token', id: 'admin' } }));
    putPage(app, '/said', 'read', async () => 'said');
    assert.throws(
      () => app.get('/unsaid', async () => 'unsaid'),
      /GET \/unsaid does not declare the permission it needs/,
    );
  });

  it('passes the principal of a request to the audit log', async () => {
    await guarded.server.inject({ method: 'POST', url: '/api/v1/apps/lidar/x-pump', headers: AUTHORIZED });
    const { items } = (await guarded.ask('GET', '/x-medkit-audit')).body;
    assert.equal(items[0].request.principal, 'server.token');
  });

  it('distinguishes requests of a plugin from other requests by a secret of this start', async () => {
    const paths: string[] = [];
    const gateway = await pluginGateway(
      {
        p: module(async ({ request }) => ({
          routes: [
            route('/x-ask', async () => {
              const { status } = await request({ method: 'POST', path: '/apps/lidar/x-no-such', body: {} });
              const locked = await request({
                method: 'POST',
                path: '/apps/lidar/locks',
                headers: { 'x-client-id': 'p' },
                body: { lock_expiration: 60 },
              });
              return { body: { status, locked: locked.status } };
            }),
          ],
        })),
      },
      { token: TOKEN },
    );
    assert.deepEqual((await gateway.ask('GET', '/x-ask')).body, { status: 404, locked: 201 });
    const { items } = (await gateway.ask('GET', '/x-medkit-audit')).body;
    for (const { request } of items) paths.push(`${request.path} ${request.principal}`);
    assert.deepEqual(paths, ['/api/v1/apps/lidar/locks plugin:p']);
    const foreign = { 'x-client-id': 'p', ...AUTHORIZED };
    const released = await gateway.server.inject({
      method: 'DELETE',
      url: '/api/v1/apps/lidar/locks/lock_1',
      headers: foreign,
    });
    // The token is not the plugin, whatever client id it sends: it may break the lock of another principal.
    assert.equal(released.statusCode, 204);
    const { items: later } = (await gateway.ask('GET', '/x-medkit-audit')).body;
    assert.equal(later[0].request.principal, 'server.token');
    await gateway.close();
  });

  it('refuses what the role does not allow, and names the permission', () => {
    const refusal = (role: string, need: Permission) => {
      const principal = who(role);
      if (isAuthorised(principal, need)) return undefined;
      const { status, code, message } = notAuthorised(principal, need);
      return [status, code, message] as const;
    };
    assert.equal(refusal('admin', 'scripts.write'), undefined);
    assert.deepEqual(refusal('visitor', 'scripts.write'), [
      403,
      'insufficient-access-rights',
      'The request needs the permission scripts.write, which the role visitor does not have',
    ]);
    assert.equal(refusal('', 'read')?.[0], 401);
  });
});

const who = (role: string): Principal => ({
  id: role,
  kind: role === '' ? 'anonymous' : 'key',
  role,
  permissions: role === 'admin' ? ALL_PERMISSIONS : new Set(),
  scopes: [],
});
