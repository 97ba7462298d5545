import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { app, memoryFaults } from '@medkit/core/testing';
import { eventually } from '../harness/eventually.ts';
import { realGateway } from './real-gateway.ts';
import { ORIGINAL, type StandInReply, standIn } from './stand-in.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const gateway of opened.splice(0).reverse()) await gateway.close();
});

/** Starts a gateway that aggregates a stand-in as `cell`. */
async function showing(answers: Readonly<Record<string, StandInReply>> = ORIGINAL, more: Record<string, string> = {}) {
  const peer = await standIn(answers);
  opened.push(peer);
  const head = await realGateway({
    instance: 'head',
    robot: { apps: [app('own')], providers: { faults: memoryFaults({ faults: [] }) } },
    peers: { cell: peer.url, ...more },
  });
  opened.push(head);
  const state = () =>
    eventually('a word of the peer', async () => {
      const entry = (await head.ask('GET', '/health')).body.peers[0];
      if (entry.status !== 'online') return entry.problem && entry;
      // The peer is known to be available a moment before its entities are in the tree.
      return (await head.ask('GET', '/apps/valve')).status === 200 && entry;
    });
  return { peer, head, state };
}

const lists = (count: number) => ({
  items: Array.from({ length: count }, (_, at) => ({ id: `a${at}`, name: 'a', type: 'area' })),
});

describe('a gateway that serves its tree route by route', () => {
  it('is shown with all entities of its routes, except bad ids and inner apps', async () => {
    const { head, state } = await showing();
    assert.equal((await state()).status, 'online');
    const ids = async (path: string) =>
      (await head.ask('GET', path)).body.items.map(({ id }: { readonly id: string }) => id);
    assert.deepEqual(await ids('/apps'), ['odd', 'own', 'pump', 'valve']);
    assert.deepEqual(await ids('/areas/cell/subareas'), ['corner']);
    assert.deepEqual(await ids('/components/plc/hosts'), ['pump', 'valve']);
    assert.deepEqual(await ids('/functions/dosing/hosts'), ['valve']);
    const factsOf = async (path: string) => (await head.ask('GET', path)).body['x-medkit'];
    const plc = await factsOf('/components/plc');
    assert.deepEqual(
      [plc.source, plc.type, plc.area, plc.identity.manufacturer, plc.identity.serialNumber],
      ['peer:cell', 'Controller', 'cell', 'ACME', '42'],
    );
    assert.equal((await factsOf('/apps/odd')).component_id, undefined, 'a malicious component id is none');
  });

  it('has its unreachable entities shown in place as unavailable', async () => {
    const { head, state } = await showing();
    await state();
    const { available, parentComponentId } = (await head.ask('GET', '/components/io_card')).body['x-medkit'];
    assert.deepEqual([available, parentComponentId], [false, 'plc']);
    assert.equal((await head.ask('GET', '/components/io_card/data')).status, 504);
  });

  it('is requested for data of its apps, and for its faults in the merged list', async () => {
    const { head, peer, state } = await showing();
    await state();
    assert.equal((await head.ask('GET', '/apps/valve/data/level')).body.data.data, 7);
    const { items } = (await head.ask('GET', '/faults?status=all')).body;
    assert.deepEqual(
      items.map((item: { readonly fault_code: string; readonly 'x-medkit': { readonly origin: string } }) => [
        item.fault_code,
        item['x-medkit'].origin,
      ]),
      [['LEAK', 'cell']],
    );
    assert.ok(peer.requestLines.includes('GET /faults?status=all'), 'with the query of the client');
  });

  it('is aggregated together with a gateway that serves its tree in one reply', async () => {
    const yard = await realGateway({ instance: 'yard', robot: { apps: [app('crane')] } });
    opened.push(yard);
    const { head } = await showing(ORIGINAL, { yard: yard.url });
    await eventually('both', async () => {
      const { items } = (await head.ask('GET', '/apps')).body;
      const ids = items.map(({ id }: { readonly id: string }) => id);
      return ids.includes('crane') && ids.includes('valve');
    });
  });

  it('keeps its last tree if a later poll fails, while it is online', async () => {
    const yard = await standIn({ ...ORIGINAL, '/x-medkit-tree': [200, '{"gateway":{"instance":"y"},"items":[]}'] });
    opened.push(yard);
    const tree = (items: object[]) => ({ gateway: { instance: 'y' }, items });
    yard.replies['/x-medkit-tree'] = tree([{ type: 'app', id: 'crane', source: 'heuristic' }]);
    const { head } = await showing(ORIGINAL, { yard: yard.url });
    const hasCrane = async () =>
      (await head.ask('GET', '/apps')).body.items.some(({ id }: { readonly id: string }) => id === 'crane');
    await eventually('its app', hasCrane);
    yard.replies['/x-medkit-tree'] = { gateway: {}, items: 'none' };
    const problem = await eventually('the problem', async () => {
      const entry = (await head.ask('GET', '/health')).body.peers[1];
      return entry.status === 'online' && entry.problem;
    });
    assert.match(problem, /The tree of the gateway yard .* cannot be read: no instance of a gateway/);
    assert.ok(await hasCrane());
  });

  it('may lack newer routes', async () => {
    const { '/areas/cell/subareas': _, '/components/plc/subcomponents': __, ...older } = ORIGINAL;
    const { state } = await showing(older);
    assert.equal((await state()).status, 'online');
  });

  for (const [what, answers, expected] of [
    ['has 1001 areas', { '/areas': lists(1001) }, /1001 entities in \/areas, more than 1000/],
    ['answers 500', { '/apps': [500, { error_code: 'internal-error' }] }, /it answers \/apps with status 500/],
    ['answers no JSON', { '/apps': [200, '<html>'] }, /\/apps is not a JSON document/],
    ['answers without a list', { '/apps': { apps: [] } }, /\/apps has no list of entities/],
    ['fails on a function', { '/functions/dosing': [504, { error_code: 'not-responding' }] }, /the function dosing/],
    ['fails on a branch of areas', { '/areas/cell/subareas': [500, { error_code: 'internal-error' }] }, /status 500/],
    ['fails on a subcomponent', { '/components/io_card': [503, { error_code: 'not-ready' }] }, /status 503/],
    ['times out behind it', { '/components/plc': [504, { error_code: 'other' }] }, /status 504/],
    ['sends elsewhere', { '/apps': [302, '', { location: 'http://127.0.0.1:1/' }] }, /answers with status 302/],
    ['sends more than 10 MiB', { '/apps': [200, ' '.repeat(10_485_761)] }, /more than 10485760 bytes/],
  ] as readonly (readonly [string, Record<string, StandInReply>, RegExp])[]) {
    it(`is not shown partially if it ${what}`, async () => {
      const { head, state } = await showing({ ...ORIGINAL, ...answers });
      const { status, problem, entities } = await state();
      assert.deepEqual([status, entities], ['offline', 0]);
      assert.match(problem, expected);
      assert.equal((await head.ask('GET', '/apps')).body.items.length, 1);
    });
  }
});

describe('a request to a peer and its response', () => {
  it('contains neither token nor cookies of the client, unless configured', async () => {
    const { head, peer, state } = await showing();
    await state();
    const mine = { authorization: 'Bearer mine', cookie: 'a=b', 'x-client-id': 'alice', 'x-medkit-other': '1' };
    await head.ask('GET', '/apps/valve/data', undefined, mine);
    const { headers } = peer.requests.at(-1) ?? assert.fail();
    assert.deepEqual(
      [
        headers.authorization,
        headers.cookie,
        headers['x-medkit-other'],
        headers['x-client-id'],
        headers['x-medkit-via'],
      ],
      [undefined, undefined, undefined, 'alice', 'head'],
    );
  });

  it('does not return headers that act for this gateway: cookies, origins, pages', async () => {
    const page = [
      200,
      '<script>1</script>',
      {
        'content-type': 'text/html',
        'set-cookie': 'a=b',
        'access-control-allow-origin': '*',
        etag: '"1"',
        'x-medkit-local-only': 'true',
      },
    ] as const;
    const { head, state } = await showing({ ...ORIGINAL, '/apps/valve/data': page });
    await state();
    const { headers } = await head.ask('GET', '/apps/valve/data');
    assert.deepEqual(
      ['set-cookie', 'access-control-allow-origin', 'etag', 'x-medkit-local-only', 'content-security-policy'].map(
        (name) => headers.get(name),
      ),
      [null, null, '"1"', 'true', "default-src 'none'; sandbox"],
    );
    assert.equal(headers.get('content-disposition'), 'attachment');
  });

  it('cannot use a path that leads out of the entity', async () => {
    const { peer, state, head } = await showing();
    await state();
    const before = peer.requestLines.length;
    for (const path of ['data/%2e%2e', 'data/..%5c..']) {
      const { request } = await import('node:http');
      const status = await new Promise((resolve, reject) => {
        const asking = request(`${head.url}/`, { path: `/api/v1/apps/valve/${path}` }, (reply) => {
          reply.resume();
          resolve(reply.statusCode);
        });
        asking.on('error', reject).end();
      });
      assert.ok(status === 400 || status === 404, `${path}: ${status}`);
    }
    // Ignores background requests for the health of the peer.
    const requested = peer.requestLines
      .slice(before)
      .filter((line) => !line.startsWith('GET /apps/valve/data/') && line !== 'GET /health');
    assert.deepEqual(requested, []);
  });
});
