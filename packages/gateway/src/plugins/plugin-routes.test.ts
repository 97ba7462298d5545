import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import { app, memoryRuntime } from '@medkit/core/testing';
import type { PluginRoute } from '@medkit/plugin';
import { Validator } from '@seriousme/openapi-schema-validator';
import Type from 'typebox';
import { module, pluginGateway, route } from '../testing/plugin-gateway.ts';

describe('a route of a plugin (discovery 2.3)', () => {
  const pump = (routes: readonly PluginRoute[]) =>
    module(async () => ({
      contribution: async () => ({ entities: { apps: [app('pump', { source: '', capabilities: ['x-pump'] })] } }),
      routes,
    }));

  it('is served for existing entities, by any of their names, and is among their capabilities', async () => {
    const gateway = await pluginGateway({
      p: pump([
        route('/apps/{app_id}/x-pump', async ({ path, query }) => ({
          body: { path, unit: query['unit'] ?? '' },
          headers: { 'X-Pump': '1' },
        })),
        route('/x-pumps', async () => ({ status: 202, body: [1n << 62n] }), {
          responses: { 202: { description: 'It' } },
        }),
      ]),
    });
    const reply = await gateway.ask('GET', '/apps/pump/x-pump?unit=bar');
    assert.deepEqual([reply.status, reply.headers['x-pump']], [200, '1']);
    assert.match(String(reply.headers['content-type']), /^application\/json/);
    assert.deepEqual(reply.body, { path: { app_id: 'pump' }, unit: 'bar' });
    assert.equal((await gateway.ask('GET', '/x-pumps')).text, '[4611686018427387904]');
    assert.deepEqual((await gateway.ask('GET', '/apps/pump')).body.capabilities.at(-1), {
      name: 'x-pump',
      href: '/api/v1/apps/pump/x-pump',
    });
    const unknown = await gateway.ask('GET', '/apps/nobody/x-pump');
    assert.deepEqual([unknown.status, unknown.body.error_code], [404, 'entity-not-found']);
    const invalid = await gateway.ask('GET', '/apps/no%20body/x-pump');
    assert.deepEqual([invalid.status, invalid.body.error_code], [400, 'invalid-parameter']);
    await gateway.close();
  });

  it('is not served for an entity of another gateway, which may have such a route itself', async () => {
    const calls: string[] = [];
    const gateway = await pluginGateway({
      p: pump([
        route('/apps/{app_id}/x-pump/{part}', async ({ path }) => ({ body: calls.push(path['app_id'] ?? '') }), {
          parameters: [{ in: 'path', name: 'part', description: 'Part', schema: Type.String() }],
        }),
      ]),
    });
    const apps = ['pump', 'crane'].map((id) => app(id, { address: { runtime: 'peer_b', nativeId: id } }));
    await gateway.model.add(memoryRuntime({ name: 'peer_b', origin: 'peer_b', apps }));
    for (const id of ['crane', 'peer_b__pump']) {
      const { status, body } = await gateway.ask('GET', `/apps/${id}/x-pump/valve`);
      assert.deepEqual([status, body.error_code], [501, 'not-implemented']);
      assert.equal(
        body.message,
        `The app ${id} belongs to the gateway peer_b, which does not offer its x-pump here: send the request to that gateway`,
      );
    }
    assert.equal((await gateway.ask('GET', '/apps/pump/x-pump/valve')).status, 200);
    assert.deepEqual(calls, ['pump']);
    await gateway.close();
  });

  it('gets only a body that fits its schema', async () => {
    const body = { schema: Type.Object({ bar: Type.Number() }), description: 'Pressure', examples: {} };
    const gateway = await pluginGateway({
      p: pump([
        route('/apps/{app_id}/x-pump', async (request) => ({ body: request.body ?? null }), { method: 'put', body }),
      ]),
    });
    assert.deepEqual((await gateway.ask('PUT', '/apps/pump/x-pump', { bar: 3 })).body, { bar: 3 });
    const refused = await gateway.ask('PUT', '/apps/pump/x-pump', { bar: 'high' });
    assert.deepEqual([refused.status, refused.body.error_code], [400, 'invalid-request']);
    assert.deepEqual(refused.body.parameters.fields, [{ field: 'bar', message: 'expected a number' }]);
    await gateway.close();
  });

  it('sends deliberate errors unchanged, cut at 512 characters, and no details of other errors', async () => {
    let failure: unknown;
    const gateway = await pluginGateway({
      p: pump([
        route('/apps/{app_id}/x-pump', async () => {
          throw failure;
        }),
        route('/x-nonsense', async () => 7 as never),
        route('/x-status', async () => ({ status: 42 })),
      ]),
    });
    const outcome = async (path = '/apps/pump/x-pump') => {
      const { status, body } = await gateway.ask('GET', path);
      return [status, body.vendor_code ?? body.error_code, body.message];
    };
    failure = new SovdError({ code: 'precondition-not-fulfilled', message: 'The pump is dry' });
    assert.deepEqual(await outcome(), [409, 'precondition-not-fulfilled', 'The pump is dry']);
    // An error class of another copy of the contract.
    failure = Object.assign(new Error('x'.repeat(600)), {
      name: 'SovdError',
      code: 'x-medkit-plugin-error',
      status: 999,
    });
    assert.deepEqual(await outcome(), [599, 'x-medkit-plugin-error', `${'x'.repeat(512)}...`]);
    failure = new SovdError({ code: 'x-acme-dry', message: 'Dry', status: 409 });
    assert.deepEqual(await outcome(), [409, 'x-acme-dry', 'Dry']);
    failure = new Error('password');
    assert.deepEqual(await outcome(), [500, 'x-medkit-plugin-error', 'Internal plugin error']);
    for (const path of ['/x-nonsense', '/x-status']) {
      assert.deepEqual(await outcome(path), [500, 'x-medkit-plugin-error', 'Internal plugin error']);
    }
    await gateway.close();
  });

  it('[edge] that is invalid, or would overlap with another, is refused by name while the rest is served', async () => {
    const ok = async () => ({ body: 'ok' });
    const gateway = await pluginGateway({
      first: module(async () => ({
        routes: [
          route('/x-a', ok),
          route('/apps/{app_id}/data/x', ok),
          route('/apps/{app_id}', ok),
          route('/health', ok),
          route('/x-a/docs', ok),
          route('x-b', ok),
          route('/x-b/{id}', ok),
          route('/x-b/../c', ok),
          route('/x-c', ok, { method: 'patch' as never }),
          route('/x-d', ok, { operationId: 'getHealth' }),
          route('/x-f', ok, { body: {} as never }),
          route('/x-g', ok, { responses: { 200: null as never } }),
          route('/x-h', ok, { permission: 'everything' as never }),
        ],
      })),
      second: module(async () => ({ routes: [route('/x-a', ok, { operationId: 'other' }), route('/x-e', ok)] })),
    });
    const { warnings, 'x-medkit-plugins': block } = await gateway.health();
    const refused = warnings.map(({ message }: { message: string }) =>
      message.replace(' is not served', '').replace(/(documented): .*/, '$1'),
    );
    assert.deepEqual(refused, [
      'GET /apps/{app_id}/data/x of plugin first: it would take requests from GET /apps/{app_id}/data/{data_id} of medkit',
      'GET /apps/{app_id} of plugin first: it would take requests from GET /apps/{app_id} of medkit',
      'GET /health of plugin first: it would take requests from GET /health of medkit',
      'GET /x-a/docs of plugin first: this path belongs to the documentation',
      'GET x-b of plugin first: it has no path',
      'GET /x-b/{id} of plugin first: it does not declare the parameter id of its path',
      'GET /x-b/../c of plugin first: ".." is not a valid path segment',
      'PATCH /x-c of plugin first: its method is not get, put, post or delete',
      'GET /x-d of plugin first: getHealth is already an operation of medkit',
      'GET /x-f of plugin first: it cannot be documented',
      'GET /x-g of plugin first: it cannot be documented',
      'GET /x-h of plugin first: its permission everything does not exist',
      'GET /x-a of plugin second: it would take requests from GET /x-a of plugin first',
    ]);
    assert.deepEqual(
      block.plugins.map(({ routes }: { routes: string[] }) => routes),
      [['GET /x-a'], ['GET /x-e']],
    );
    assert.equal((await gateway.ask('GET', '/x-e')).status, 200);
    await gateway.close();
  });

  it('needs the permission that it names, by default the right to read or one that only admins have', async () => {
    const ok = async () => ({});
    const routes = [
      route('/x-a', ok),
      route('/x-b', ok, { method: 'post' }),
      route('/x-c', ok, { method: 'put', permission: 'operations.run' }),
    ];
    const gateway = await pluginGateway({ p: pump(routes) });
    const { paths } = (await gateway.ask('GET', '/docs')).body;
    const needed = [paths['/x-a'].get, paths['/x-b'].post, paths['/x-c'].put];
    assert.deepEqual(
      needed.map((operation) => operation['x-medkit-permission']),
      ['read', 'plugins', 'operations.run'],
    );
    await gateway.close();
  });

  it('is in the documentation of the server, of an entity and of the resource', async () => {
    const ok = async () => ({ text: 'digraph {}' });
    const text = { responses: { 200: { description: 'DOT', media: 'text/vnd.graphviz' } } };
    const gateway = await pluginGateway({ p: pump([route('/apps/{app_id}/x-pump', ok, text)]) });
    for (const [path, documented] of [
      ['/docs', '/apps/{app_id}/x-pump'],
      ['/apps/pump/docs', '/apps/pump/x-pump'],
      ['/apps/pump/x-pump/docs', '/apps/pump/x-pump'],
    ] as const) {
      const { body } = await gateway.ask('GET', path);
      assert.deepEqual(body.paths[documented]?.get.tags, ['Plugins'], path);
      assert.ok(body.tags.some(({ name }: { name: string }) => name === 'Plugins'));
      assert.ok((await new Validator().validate(body)).valid, path);
    }
    const { endpoints, capabilities } = (await gateway.ask('GET', '/')).body;
    assert.equal(capabilities.vendor_extensions, true);
    assert.ok(endpoints.includes('GET /api/v1/apps/{app_id}/x-pump'));
    const reply = await gateway.ask('GET', '/apps/pump/x-pump');
    assert.deepEqual([reply.text, reply.headers['content-type']], ['digraph {}', 'text/vnd.graphviz; charset=utf-8']);
    await gateway.close();
  });

  it('passes the same checks as every other route', async () => {
    const gateway = await pluginGateway(
      { p: pump([route('/x-pumps', async () => ({ body: 1 }))]) },
      { token: 'x'.repeat(16) },
    );
    assert.equal((await gateway.server.inject('/api/v1/x-pumps')).statusCode, 401);
    assert.equal((await gateway.ask('GET', '/x-pumps')).status, 200);
    await gateway.close();
  });
});
