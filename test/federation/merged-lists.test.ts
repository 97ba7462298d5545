import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { app, area, component, fault, functionEntity, memoryFaults } from '@medkit/core/testing';
import { eventually } from '../harness/eventually.ts';
import { type RealGatewayOptions, realGateway } from './real-gateway.ts';
import { type StandInReply, standIn } from './stand-in.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

const item = (id: string) => ({ id, name: id, category: 'currentData' });
const list = (...items: readonly unknown[]) => ({ items });

/** Starts a gateway of one app, on a component in the area `hall`, with the given answers. */
async function gatewayOf(name: string, answers: Readonly<Record<string, StandInReply>>) {
  const items = [
    { type: 'area', id: 'hall', source: 'manifest' },
    { type: 'component', id: `${name}_base`, area: 'hall', source: 'manifest' },
    { type: 'app', id: `${name}_arm`, component: `${name}_base`, is_online: true, source: 'manifest' },
    { type: 'function', id: `${name}_pick`, hosts: [`${name}_arm`], source: 'manifest' },
  ];
  const peer = await standIn({ '/x-medkit-tree': { gateway: { instance: name }, items }, ...answers });
  opened.push(peer);
  /** Requests other than for its tree and, because it has a clock, its health. */
  const requested = () => peer.requestLines.filter((line) => !line.includes('x-medkit-tree') && line !== 'GET /health');
  return { ...peer, requested };
}

/** Starts a gateway with a local app and area that aggregates `peers`, and waits until it shows them. */
async function showing(
  peers: Readonly<Record<string, { readonly url: string }>>,
  config: RealGatewayOptions['config'] = {},
) {
  const head = await realGateway({
    instance: 'head',
    robot: {
      areas: [area('hall'), area('yard')],
      components: [component('dock', { areaId: 'hall' }), component('shed', { areaId: 'yard' })],
      apps: [app('own', { componentId: 'dock', node: '/own', address: { runtime: 'ros2', nativeId: '/own' } })],
      functions: [functionEntity('drive', ['own'])],
      data: { '/own': { '/scan': { value: { of: 'head' } } } },
      records: { isEntity: () => true },
      providers: { faults: memoryFaults({ faults: [fault('JAM', { sources: ['/own'] })] }) },
    },
    peers: Object.fromEntries(Object.entries(peers).map(([name, { url }]) => [name, url])),
    config,
  });
  opened.push(head);
  for (const name of Object.keys(peers)) {
    await eventually(`${name}_arm`, async () => (await head.ask('GET', `/apps/${name}_arm`)).status === 200);
  }
  return head;
}

const idsOf = (body: { readonly items: readonly { readonly id: string }[] }) => body.items.map(({ id }) => id);

describe('a list that several gateways contribute to', () => {
  it('is not partial if every queried gateway answers, even without items [edge]', async () => {
    const b = await gatewayOf('b', { '/areas/hall/data': list(item('/b')) });
    const c = await gatewayOf('c', {});
    const head = await showing({ b, c });
    const { status, body } = await head.ask('GET', '/areas/hall/data');
    assert.deepEqual([status, idsOf(body)], [200, ['/scan', '/b']]);
    const { partial, failed_peers } = body['x-medkit'];
    assert.deepEqual([partial, failed_peers], [undefined, undefined]);
    assert.deepEqual(c.requested(), ['GET /areas/hall/data']);
  });

  it('has the answers of others if one gateway fails, and names that one [edge]', async () => {
    const b = await gatewayOf('b', { '/areas/hall/data': [500, { error_code: 'internal-error', message: 'no' }] });
    const c = await gatewayOf('c', { '/areas/hall/data': list(item('/c')) });
    const head = await showing({ b, c });
    const { status, body } = await head.ask('GET', '/areas/hall/data');
    assert.deepEqual([status, idsOf(body)], [200, ['/scan', '/c']]);
    assert.deepEqual([body['x-medkit'].partial, body['x-medkit'].failed_peers], [true, ['b']]);
  });

  it('has items if this gateway has none at all [edge]', async () => {
    const b = await gatewayOf('b', { '/functions/b_pick/data': list(item('/b')) });
    const head = await showing({ b });
    const { body } = await head.ask('GET', '/functions/b_pick/data');
    assert.deepEqual(idsOf(body), ['/b']);
  });

  it('is partial if a gateway answers more than the maximum document size [edge]', async () => {
    const b = await gatewayOf('b', { '/areas/hall/data': [200, `{"items":[${' '.repeat(10_485_761)}]}`] });
    const head = await showing({ b });
    const { status, body } = await head.ask('GET', '/areas/hall/data');
    assert.deepEqual([status, idsOf(body), body['x-medkit'].failed_peers], [200, ['/scan'], ['b']]);
  });

  it('reports malformed items of another gateway, and contains its other items [edge]', async () => {
    const b = await gatewayOf('b', { '/areas/hall/data': list(item('/b'), { id: '/odd', name: [] }, null) });
    const head = await showing({ b });
    const { status, body } = await head.ask('GET', '/areas/hall/data');
    assert.deepEqual([status, idsOf(body)], [200, ['/scan', '/b']]);
    assert.deepEqual(body['x-medkit'].peer_dropped_items, [
      { peer: 'b', reason: 'its name is not of type string', source_id: '/odd' },
      { peer: 'b', reason: 'it is not of type object', source_id: '' },
    ]);
  });

  it('queries only the gateways that own a part of the entity, and none for a local entity [edge]', async () => {
    const b = await gatewayOf('b', { '/apps/b_arm/data': list(item('/b')) });
    const c = await gatewayOf('c', {});
    const head = await showing({ b, c });
    for (const path of ['/apps/own/data', '/functions/drive/data', '/components/dock/faults']) {
      assert.equal((await head.ask('GET', path)).status, 200, path);
    }
    assert.deepEqual([b.requested(), c.requested()], [[], []]);
    await head.ask('GET', '/apps/b_arm/data');
    assert.deepEqual([b.requested(), c.requested()], [['GET /apps/b_arm/data'], []]);
  });

  it('has the lines of all logs of an area and of a function, in the shape of the contract', async () => {
    const line = (message: string, timestamp: string) => ({ id: 'log_1', timestamp, severity: 'info', message });
    const logs = list(
      line('of b, first', '2026-03-23T02:00:00.000000000Z'),
      line('of b, last', '2026-03-23T04:00:00.000000000Z'),
    );
    const b = await gatewayOf('b', {
      '/x-medkit-tree': {
        gateway: { instance: 'b' },
        items: [
          { type: 'area', id: 'hall', source: 'manifest' },
          { type: 'component', id: 'b_base', area: 'hall', source: 'manifest' },
          { type: 'app', id: 'b_arm', component: 'b_base', is_online: true, source: 'manifest' },
          { type: 'function', id: 'drive', hosts: ['b_arm'], source: 'manifest' },
        ],
      },
      '/areas/hall/logs': logs,
      '/functions/drive/logs': logs,
    });
    const head = await showing({ b });
    const timestampNs = BigInt(Date.parse('2026-03-23T03:00:00Z')) * 1_000_000n;
    head.runtime.record({ timestampNs, severity: 'info', logger: 'own', message: 'of the head' });
    for (const path of ['/areas/hall/logs', '/functions/drive/logs']) {
      const { status, body } = await head.ask('GET', path);
      assert.deepEqual([status, Object.keys(body).sort()], [200, ['items', 'x-medkit']], path);
      assert.deepEqual(
        body.items.map(({ message }: { readonly message: string }) => message),
        ['of b, first', 'of the head', 'of b, last'],
        path,
      );
    }
  });

  it('needs no request for lists of entities and their details [edge]', async () => {
    const b = await gatewayOf('b', {});
    const head = await showing({ b });
    for (const path of ['/apps', '/areas', '/areas/hall', '/areas/hall/components', '/functions/b_pick/hosts']) {
      assert.equal((await head.ask('GET', path)).status, 200, path);
    }
    assert.deepEqual(b.requested(), []);
  });

  it('queries no gateway for a request that this one refuses: an invalid filter, an unknown entity [edge]', async () => {
    const b = await gatewayOf('b', {});
    const head = await showing({ b });
    for (const [path, status] of [
      ['/faults?severity=loud', 400],
      ['/areas/hall/logs?severity=loud', 400],
      ['/functions/nobody/data', 404],
      ['/components/b_arm/data', 400],
      ['/areas/hall%20b/data', 400],
    ] as const) {
      assert.equal((await head.ask('GET', path)).status, status, path);
    }
    assert.deepEqual(b.requested(), []);
  });

  it('forwards the query verbatim, and accepts a slash at its end [edge]', async () => {
    const b = await gatewayOf('b', {
      '/areas/hall/data': list(item('/b')),
      '/areas/hall/logs': list(),
      '/apps/b_arm/logs': list(),
    });
    const head = await showing({ b });
    await head.ask('GET', '/areas/hall/logs?context=a%20b%3Dc%26d%2Fe%C3%A4&context=');
    await head.ask('GET', '/apps/b_arm/logs?context=c%26d');
    assert.deepEqual(b.requested(), [
      'GET /areas/hall/logs?context=a%20b%3Dc%26d%2Fe%C3%A4&context=',
      'GET /apps/b_arm/logs?context=c%26d',
    ]);
    const { status, body } = await head.ask('GET', '/areas/hall/data/');
    assert.deepEqual([status, idsOf(body)], [200, ['/scan', '/b']]);
  });

  it('forwards the token of the client only if configured [edge]', async () => {
    const b = await gatewayOf('b', { '/areas/hall/data': list(item('/b')) });
    const mine = { authorization: 'Bearer mine' };
    const authorizations = async (forward_auth: boolean) => {
      const head = await showing({ b }, { aggregation: { forward_auth } });
      for (const path of ['/areas/hall/data', '/apps/b_arm/data']) await head.ask('GET', path, undefined, mine);
      const sent = b.requests.filter(({ url }) => url?.endsWith('/data')).slice(-2);
      return sent.map(({ headers }) => headers.authorization);
    };
    assert.deepEqual(await authorizations(false), [undefined, undefined]);
    assert.deepEqual(await authorizations(true), ['Bearer mine', 'Bearer mine']);
  });
});

describe('a request that goes to one gateway', () => {
  it('is answered with 502 and both codes if that gateway sends no usable answer [edge]', async () => {
    const b = await gatewayOf('b', { '/apps/b_arm/data': [302, '', { location: 'http://127.0.0.1:1/' }] });
    const head = await showing({ b });
    const { status, body } = await head.ask('GET', '/apps/b_arm/data');
    assert.deepEqual(
      [status, body.error_code, body.vendor_code, body.parameters.peer],
      [502, 'vendor-error', 'x-medkit-peer-unavailable', 'b'],
    );
  });

  it('is sent without the name prefix of that gateway [edge]', async () => {
    const items = (...ids: readonly string[]) => ids.map((id) => ({ type: 'app', id, is_online: true }));
    const tree = (instance: string, ...ids: readonly string[]) => ({
      '/x-medkit-tree': { gateway: { instance }, items: items(...ids) },
    });
    const b = await gatewayOf('b', {
      ...tree('b', 'b_arm', 'c__own', 'own'),
      '/apps/c__own/data': list(item('/of_b')),
    });
    const c = await gatewayOf('c', { ...tree('c', 'c_arm', 'own'), '/apps/own/data': list(item('/of_c')) });
    const head = await showing({ b, c });
    await eventually('both of c', async () => (await head.ask('GET', '/apps/c__own_2')).status === 200);
    assert.deepEqual(idsOf((await head.ask('GET', '/apps/c__own/data')).body), ['/of_b']);
    assert.deepEqual(idsOf((await head.ask('GET', '/apps/c__own_2/data')).body), ['/of_c']);
    await head.ask('GET', '/apps/b__own/data');
    assert.deepEqual(b.requested(), ['GET /apps/c__own/data', 'GET /apps/own/data']);
    assert.deepEqual(c.requested(), ['GET /apps/own/data']);
  });
});

describe('the entities of a gateway that disconnected', () => {
  it('are unavailable if components or apps; areas and functions stay, and requests to that gateway end with 504 [edge]', async () => {
    const b = await gatewayOf('b', {});
    const head = await showing({ b });
    await b.close();
    opened.splice(
      opened.findIndex((each) => 'requestLines' in each),
      1,
    );
    const factsOf = async (path: string) => {
      const { status, body } = await head.ask('GET', path);
      assert.equal(status, 200, path);
      return body['x-medkit'];
    };
    await eventually('the loss', async () => (await factsOf('/components/b_base')).available === false);
    const { available, is_online } = await factsOf('/apps/b_arm');
    assert.deepEqual([available, is_online], [false, false]);
    assert.deepEqual((await factsOf('/functions/b_pick')).hosts, ['b_arm']);
    assert.equal((await factsOf('/areas/hall')).available, undefined);
    for (const path of ['/apps/b_arm/data', '/components/b_base/faults', '/functions/b_pick/data']) {
      const { status, body } = await head.ask('GET', path);
      assert.deepEqual([status, body.error_code, body.parameters.peer], [504, 'not-responding', 'b'], path);
    }
    const write = await head.ask('PUT', '/apps/b_arm/data/pose', { type: 'x/msg/X', data: {} });
    assert.equal(write.status, 504);
  });
});

describe('a gateway with aggregation', () => {
  it('reports it and its peers; a gateway without aggregation reports neither [edge]', async () => {
    const b = await gatewayOf('b', {});
    const head = await showing({ b });
    assert.equal((await head.ask('GET', '/')).body.capabilities.aggregation, true);
    const { peers, warnings, warning_schema_version } = (await head.ask('GET', '/health')).body;
    assert.deepEqual([peers.length, peers[0].name, warning_schema_version], [1, 'b', 2]);
    assert.ok(Array.isArray(warnings));
    const alone = await realGateway({ instance: 'alone', robot: {} });
    opened.push(alone);
    assert.equal((await alone.ask('GET', '/')).body.capabilities.aggregation, false);
    assert.equal((await alone.ask('GET', '/health')).body.peers, undefined);
  });

  it('warns at its start if it has no peer, and if tokens would be sent in clear [edge]', async () => {
    const aggregation = { enabled: true, peer_urls: [''], peer_names: [''], forward_auth: true };
    const withoutPeers = await realGateway({ instance: 'nobody', robot: {}, config: { aggregation } });
    opened.push(withoutPeers);
    assert.match(withoutPeers.lines.join('\n'), /aggregation.enabled is on, but no peer is configured/);
    const b = await gatewayOf('b', {});
    const head = await showing({ b }, { aggregation: { forward_auth: true } });
    assert.match(head.lines.join('\n'), /forward_auth sends tokens unencrypted .* set aggregation.require_tls/);
  });

  it('warns once about cyclic parents, and shows their entities [edge]', async () => {
    const items = [
      { type: 'component', id: 'x', parent: 'y' },
      { type: 'component', id: 'y', parent: 'x' },
      { type: 'app', id: 'b_arm', component: 'x', is_online: true },
    ];
    const b = await gatewayOf('b', { '/x-medkit-tree': { gateway: { instance: 'b' }, items } });
    const head = await showing({ b });
    const { items: components } = (await head.ask('GET', '/components')).body;
    assert.deepEqual(idsOf({ items: components }), ['dock', 'shed', 'x', 'y']);
    const warnings = head.lines.filter((line) => line.includes('their parents form a cycle'));
    assert.deepEqual(warnings.length, 1);
    assert.match(warnings[0] ?? '', /The tree of the gateway b is invalid: x, y: their parents form a cycle/);
  });

  it('warns about a leaf that two others claim, by both names, but not about a parent of several [edge]', async () => {
    const ecu = { type: 'component', id: 'ecu', source: 'manifest' };
    const treeOf = (instance: string) => ({
      '/x-medkit-tree': {
        gateway: { instance },
        items: [
          ecu,
          { type: 'component', id: 'cell', source: 'manifest' },
          { type: 'component', id: `${instance}_part`, parent: 'cell', source: 'manifest' },
          { type: 'app', id: `${instance}_arm`, is_online: true },
        ],
      },
    });
    const b = await gatewayOf('b', treeOf('b'));
    const c = await gatewayOf('c', treeOf('c'));
    const head = await showing({ b, c });
    const { warnings } = (await head.ask('GET', '/health')).body;
    const found = warnings.filter(({ code }: { readonly code: string }) => code === 'leaf_id_collision');
    assert.deepEqual(
      found.map((warning: object) => Object.keys(warning).sort()),
      [['code', 'docs', 'entity_ids', 'message', 'peer_names', 'remedy', 'ros_node_fqns', 'severity', 'since']],
    );
    assert.deepEqual(
      [found[0].entity_ids, found[0].peer_names],
      [
        ['ecu', 'c__ecu'],
        ['b', 'c'],
      ],
    );
    for (const id of found[0].entity_ids) assert.equal((await head.ask('GET', `/components/${id}`)).status, 200, id);
    assert.deepEqual((await head.ask('GET', '/components/cell')).body['x-medkit'].contributors, ['peer:b', 'peer:c']);
  });
});
