import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { afterEach, describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import { memoryFaults } from '@medkit/core/testing';
import { armGateways, armRobot, type Gateway, proxyFor } from './robots.ts';

const { start, close, closeAll } = armGateways();
afterEach(closeAll);

/** A proxy in front of a gateway that answers deletions with `refuse`. */
const before = (gateway: Gateway, refuse: RequestListener) =>
  proxyFor(gateway, (request, reply) => {
    if (request.method !== 'DELETE') return false;
    refuse(request, reply);
    return true;
  });

describe('DELETE on a collection of an area that several gateways share', () => {
  it('clears the faults of all gateways, and returns no body', async () => {
    const yard = await start('yard');
    const head = await start('dock', { peers: { yard: yard.url } });
    const cleared = await head.ask('DELETE', '/areas/hall/faults');
    assert.deepEqual([cleared.status, cleared.text], [204, '']);
    for (const gateway of [head, yard])
      assert.deepEqual((await gateway.ask('GET', '/areas/hall/faults')).body.items, []);
  });

  it('resets the configurations of all gateways, and reports each member', async () => {
    const yard = await start('yard');
    const head = await start('dock', { peers: { yard: yard.url } });
    for (const app of ['dock_arm', 'yard_arm'])
      assert.equal((await head.ask('PUT', `/apps/${app}/configurations/rate`, { data: 7 })).status, 200);
    const { status, body } = await head.ask('DELETE', '/areas/hall/configurations');
    const details = { node_name: '/arm', reset_count: 2, failed_count: 0 };
    assert.deepEqual(
      [status, body],
      [
        207,
        {
          entity_id: 'hall',
          results: [
            { node: '/arm', app_id: 'dock_arm', success: true, details },
            { node: '/arm', app_id: 'yard_arm', success: true, 'x-medkit': { origin: 'yard' } },
          ],
        },
      ],
    );
    for (const app of ['dock_arm', 'yard_arm'])
      assert.equal((await head.ask('GET', `/apps/${app}/configurations/rate`)).body.data, 1);
  });

  it('affects this gateway alone if the request says so', async () => {
    const yard = await start('yard');
    const head = await start('dock', { peers: { yard: yard.url } });
    const alone = { 'x-medkit-no-fan-out': '1' };
    assert.equal((await head.ask('DELETE', '/areas/hall/faults', undefined, alone)).status, 204);
    assert.equal((await yard.ask('GET', '/areas/hall/faults')).body.items.length, 1);
  });

  it('reports the result of each part, by member, if one gateway is offline', async () => {
    const [yard, stiff] = [await start('yard'), await start('stiff')];
    const head = await start('dock', { peers: { yard: yard.url, stiff: stiff.url } });
    await close(yard);
    const faults = await head.ask('DELETE', '/areas/hall/faults');
    assert.equal(faults.status, 207);
    const of = (name?: string) =>
      faults.body.results.find(
        ({ 'x-medkit': facts }: Record<string, Record<string, unknown>>) => facts?.['origin'] === name,
      );
    const [local, lost, other] = [of(), of('yard'), of('stiff')];
    assert.equal(faults.body.entity_id, 'hall');
    assert.deepEqual(local, { entity_id: 'hall', success: true });
    assert.deepEqual([lost.entity_id, lost.success, lost['x-medkit']], ['hall', false, { origin: 'yard' }]);
    assert.match(lost.error, /^The gateway yard at .* does not answer/);
    assert.deepEqual(other, { entity_id: 'hall', success: true, 'x-medkit': { origin: 'stiff' } });
    assert.deepEqual((await stiff.ask('GET', '/faults')).body.items, []);
    const { status, body } = await head.ask('DELETE', '/areas/hall/configurations');
    assert.equal(status, 207);
    const results = body.results.map(
      ({ app_id, success, 'x-medkit': facts }: Record<string, Record<string, unknown>>) => [
        app_id,
        success,
        facts?.['origin'],
      ],
    );
    assert.deepEqual(results.sort(), [
      ['dock_arm', true, undefined],
      ['stiff_arm', false, 'stiff'],
      ['yard_arm', false, 'yard'],
    ]);
    assert.match(body.results.map(({ error }: Record<string, string>) => error).join(), /frame: read-only/);
  });

  it('does not wait for an unresponsive gateway, and completes the parts of all others meanwhile', async () => {
    const yard = await start('yard');
    let requestCount = 0;
    const mute = await before(yard, () => void requestCount++);
    const head = await start('dock', { peers: { yard: mute.url } });
    try {
      const from = performance.now();
      const answer = head.ask('DELETE', '/areas/hall/faults');
      while (requestCount === 0) await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual((await head.ask('GET', '/apps/dock_arm/faults')).body.items, []);
      const { status, body } = await answer;
      assert.ok(performance.now() - from < 8000, 'it keeps the whole deadline');
      assert.deepEqual(
        [status, body.results.map(({ success }: { success: boolean }) => success)],
        [207, [true, false]],
      );
    } finally {
      mute.close();
    }
  });

  it('passes on the reason of a refusal by another gateway, and no malformed result', async () => {
    const yard = await start('yard');
    const answers = [
      [409, { error_code: 'invalid-request', message: 'Locked by alice' }],
      [207, { results: [{ app_id: 'yard_arm', success: false, error: 'stuck' }, null, 7, { success: 'yes' }] }],
      [207, null],
      [204, ''],
    ] as const;
    let at = 0;
    const odd = await before(yard, (_request, reply) => {
      const [status, body] = answers[at++] ?? [204, ''];
      reply.writeHead(status, { 'content-type': 'application/json' });
      reply.end(body === '' ? undefined : JSON.stringify(body));
    });
    const head = await start('dock', { peers: { yard: odd.url } });
    try {
      const reset = async () => (await head.ask('DELETE', '/areas/hall/configurations')).body?.results?.slice(1);
      const [locked] = await reset();
      assert.deepEqual([locked.app_id, locked.success], ['yard_arm', false]);
      assert.match(locked.error, /^The gateway yard answered with status 409: Locked by alice$/);
      const stuck = { app_id: 'yard_arm', node: '', success: false, error: 'stuck' };
      assert.deepEqual(await reset(), [{ ...stuck, 'x-medkit': { origin: 'yard' } }]);
      const [odd207] = await reset();
      assert.match(odd207.error, /status 207/);
      const [done] = await reset();
      assert.deepEqual([done.app_id, done.success], ['yard_arm', true]);
    } finally {
      odd.close();
    }
  });

  it('sends nothing to other gateways if a local lock refuses it; each gateway checks its own locks', async () => {
    const yard = await start('yard');
    const head = await start('dock', { peers: { yard: yard.url } });
    const by = (client: string) => ({ 'x-client-id': client });
    const lock = { lock_expiration: 60, scopes: ['faults'] };
    assert.equal((await head.ask('POST', '/apps/yard_arm/locks', lock, by('alice'))).status, 201);
    const locked = await head.ask('DELETE', '/apps/yard_arm/faults', undefined, by('bob'));
    assert.equal(locked.status, 409);
    assert.equal((await head.ask('POST', '/components/dock_base/locks', lock, by('alice'))).status, 201);
    assert.equal((await head.ask('DELETE', '/components/dock_base/faults', undefined, by('bob'))).status, 409);
    assert.equal((await yard.ask('GET', '/faults')).body.items.length, 1);
  });
});

describe('a merged list', () => {
  it('contains the items of others if the faults of this gateway cannot be read, and names it', async () => {
    const yard = await start('yard');
    const onCall = () => {
      throw new SovdError({ code: 'service-unavailable', message: 'The fault manager does not answer' });
    };
    const head = await start('dock', {
      robot: armRobot('dock', { faults: memoryFaults({ onCall }) }),
      peers: { yard: yard.url },
    });
    for (const path of ['/faults', '/areas/hall/faults']) {
      const { status, body } = await head.ask('GET', path);
      assert.equal(status, 200, path);
      assert.deepEqual(
        body.items.map(({ description }: { readonly description: string }) => description),
        ['of yard'],
      );
      const { partial, failed_members, failed_peers } = body['x-medkit'];
      assert.deepEqual([partial, failed_peers], [true, undefined]);
      assert.deepEqual(
        failed_members.map(({ entity_id, runtime }: Record<string, string>) => [entity_id, runtime]),
        [[path === '/faults' ? 'local' : 'hall', 'local']],
      );
    }
    assert.equal((await head.ask('GET', '/faults?severity=nonsense')).status, 400);
    assert.equal((await head.ask('GET', '/apps/dock_arm/faults')).status, 503);
    await close(yard);
    const { status, body } = await head.ask('GET', '/faults');
    assert.deepEqual([status, body.error_code], [503, 'service-unavailable']);
  });

  it('contains the items of others for an area in which this gateway has none', async () => {
    const yard = await start('yard');
    const { components: _components, apps: _apps, ...empty } = armRobot('dock');
    const head = await start('dock', { robot: empty, peers: { yard: yard.url } });
    const { status, body } = await head.ask('GET', '/areas/hall/configurations');
    assert.deepEqual([status, body.items.length], [200, 2]);
  });

  it('is complete in a circle of gateways: a request that returns to its origin adds nothing', async () => {
    const yard = await start('yard');
    const pit = await start('pit', { peers: { yard: yard.url } });
    const head = await start('dock', { peers: { pit: pit.url } });
    await close(yard);
    await start('yard', { port: Number(new URL(yard.url).port), peers: { dock: head.url } });
    for (const path of ['/faults', '/areas/hall/faults', '/areas/hall/data']) {
      const { body } = await head.ask('GET', path);
      assert.deepEqual([path, body.items.length, body['x-medkit'].partial], [path, 3, undefined]);
    }
  });
});
