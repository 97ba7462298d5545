import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { app, area, component, fault, functionEntity, memoryFaults, memoryOperations } from '@medkit/core/testing';
import { eventually } from '../harness/eventually.ts';
import { freePort } from './free-port.ts';
import { type RealGatewayOptions, realGateway } from './real-gateway.ts';
import { standIn } from './stand-in.ts';

type Gateway = Awaited<ReturnType<typeof realGateway>>;

const opened: Pick<Gateway, 'close'>[] = [];
afterEach(async () => {
  for (const gateway of opened.splice(0).reverse()) await gateway.close();
});

/** A robot with a unique app, an app that all robots have, a declared component and a shared area. */
function robot(name: string): RealGatewayOptions['robot'] {
  const at = (nativeId: string) => ({ node: nativeId, address: { runtime: 'ros2', nativeId } });
  return {
    areas: [area('hall')],
    components: [component(`${name}_base`, { areaId: 'hall', source: 'manifest' })],
    apps: [
      app('lidar', { componentId: `${name}_base`, ...at('/lidar') }),
      app(`${name}_arm`, { componentId: `${name}_base`, ...at('/arm'), source: 'manifest' }),
    ],
    functions: [functionEntity(`${name}_pick`, [`${name}_arm`])],
    data: { '/lidar': { '/scan': { value: { of: name } } }, '/arm': { '/pose': { value: { of: name } } } },
    records: { isEntity: () => true },
    providers: {
      faults: memoryFaults({ faults: [fault('JAM', { description: `of ${name}`, sources: ['/arm'] })] }),
      operations: memoryOperations({ '/arm': { home: { answer: () => ({ by: name }) } } }),
    },
  };
}

async function start(instance: string, options: Partial<RealGatewayOptions> = {}): Promise<Gateway> {
  const gateway = await realGateway({ instance, robot: robot(instance), ...options });
  opened.push(gateway);
  return gateway;
}

async function idsOf(gateway: Gateway, collection: string): Promise<readonly string[]> {
  return (await gateway.ask('GET', `/${collection}`)).body.items.map(({ id }: { readonly id: string }) => id);
}

const shows = (gateway: Gateway, id: string, collection = 'apps') =>
  eventually(`${id} at the head`, async () => (await idsOf(gateway, collection)).includes(id));

/** Two gateways, one of which aggregates the other as `yard`. */
async function two() {
  const yard = await start('yard');
  const head = await start('dock', { peers: { yard: yard.url } });
  await shows(head, 'yard_arm');
  return { yard, head };
}

describe('a gateway with a peer', () => {
  it('has the entities of both in one tree with their owner; apps of one id stay separate and areas are merged', async () => {
    const { head } = await two();
    assert.deepEqual(await idsOf(head, 'apps'), ['dock_arm', 'lidar', 'yard__lidar', 'yard_arm']);
    assert.deepEqual(await idsOf(head, 'areas'), ['hall']);
    const factsOf = async (path: string) => (await head.ask('GET', path)).body['x-medkit'];
    assert.deepEqual((await factsOf('/areas/hall')).contributors, ['local', 'peer:yard']);
    const { source, contributors, component_id } = await factsOf('/apps/yard__lidar');
    assert.deepEqual([source, contributors, component_id], ['peer:yard', ['peer:yard'], 'yard_base']);
    assert.deepEqual((await factsOf('/functions/yard_pick')).hosts, ['yard_arm']);
    assert.deepEqual((await factsOf('/functions/dock_pick')).contributors, undefined);
  });

  it('reads data of an app there under its remote id, and returns its local address', async () => {
    const { head } = await two();
    for (const id of ['yard__lidar', 'yard-lidar', 'lidar']) {
      const { status, body } = await head.ask('GET', `/apps/${id}/data/scan`);
      if (id === 'yard-lidar') assert.equal(status, 404);
      else assert.deepEqual([status, body.data], [200, { of: id === 'lidar' ? 'dock' : 'yard' }]);
    }
    const { body } = await head.ask('GET', '/apps/yard__lidar/data/scan');
    assert.equal(body['x-medkit'].entity_id, 'yard__lidar');
  });

  it('writes, runs operations and reads faults there, and reports the allowed methods', async () => {
    const { head, yard } = await two();
    const write = await head.ask('PUT', '/apps/yard_arm/data/pose', { type: 'x/msg/X', data: { n: 1 } });
    assert.equal(write.status, 200);
    assert.equal(yard.runtime.written.length, 1);
    const run = await head.ask('POST', '/apps/yard_arm/operations/home/executions', { parameters: {} });
    assert.equal(run.status, 200);
    assert.match(run.text, /yard/);
    const fault = (await head.ask('GET', '/apps/yard_arm/faults/JAM')).body;
    assert.match(JSON.stringify(fault), /of yard/);
    const { capabilities } = (await head.ask('GET', '/apps/yard_arm')).body;
    const names = capabilities.map(({ name }: { readonly name: string }) => name);
    for (const name of ['data', 'locks', 'scripts', 'triggers', 'logs', 'status'])
      assert.ok(names.includes(name), name);
  });

  it('lets the owner check locks, for the client of the request', async () => {
    const { head, yard } = await two();
    const by = (client: string) => ({ 'x-client-id': client });
    const lock = await head.ask('POST', '/apps/yard_arm/locks', { lock_expiration: 60 }, by('alice'));
    assert.equal(lock.status, 201);
    assert.equal((await yard.ask('GET', `/apps/yard_arm/locks/${lock.body.id}`, undefined, by('alice'))).status, 200);
    const write = (client: string) =>
      head.ask('PUT', '/apps/yard_arm/data/pose', { type: 'x/msg/X', data: {} }, by(client));
    assert.deepEqual([(await write('bob')).status, (await write('alice')).status], [409, 200]);
  });

  it('uploads files there, and downloads byte ranges of them', async () => {
    const yard = await start('yard', { config: { bulk_data: { categories: ['maps'] } } });
    const head = await start('dock', { peers: { yard: yard.url } });
    await shows(head, 'yard_arm');
    const form = new FormData();
    form.append('file', new Blob(['0123456789'.repeat(10_000)]), 'hall.pgm');
    const maps = `${head.url}/api/v1/apps/yard__lidar/bulk-data/maps`;
    const made = await fetch(maps, { method: 'POST', body: form });
    assert.equal(made.status, 201);
    const { id } = (await made.json()) as { readonly id: string };
    assert.equal(made.headers.get('location'), `/api/v1/apps/yard__lidar/bulk-data/maps/${id}`);
    const part = await fetch(`${maps}/${id}`, { headers: { range: 'bytes=3-6' } });
    assert.deepEqual(
      [part.status, part.headers.get('content-range'), await part.text()],
      [206, 'bytes 3-6/100000', '3456'],
    );
    const whole = await fetch(`${maps}/${id}`);
    const etag = whole.headers.get('etag') ?? '';
    assert.equal((await whole.text()).length, 100_000);
    const same = await fetch(`${maps}/${id}`, { headers: { 'if-none-match': etag } });
    assert.equal(same.status, 304);
    const head1 = await fetch(`${maps}/${id}`, { method: 'HEAD' });
    assert.deepEqual([head1.status, head1.headers.get('content-length')], [200, '100000']);
    assert.equal((await fetch(`${maps}/${id}`, { method: 'DELETE' })).status, 204);
  });

  it('follows events there live', async () => {
    const { head, yard } = await two();
    const made = await head.ask('POST', '/apps/yard__lidar/triggers', {
      resource: '/api/v1/apps/yard__lidar/data/scan',
      trigger_condition: { condition_type: 'OnChange' },
      multishot: true,
    });
    assert.equal(made.status, 201);
    assert.match(made.body.event_source, /^\/api\/v1\/apps\/yard__lidar\/triggers\//);
    const stream = await fetch(`${head.url}${made.body.event_source}`);
    assert.equal(stream.headers.get('content-type'), 'text/event-stream');
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (let n = 0; !text.includes('"n":1') && n < 50; n++) {
      yard.runtime.publish('/lidar', '/scan', { n: 0 });
      yard.runtime.publish('/lidar', '/scan', { n: 1 });
      text += (await reader?.read())?.value ?? '';
    }
    await reader?.cancel();
    assert.match(text, /"n":1/);
  });

  it('lists the gateways with their response time or the reason of their failure', async () => {
    const yard = await start('yard');
    const dead = `http://127.0.0.1:${await freePort()}`;
    const head = await start('dock', { peers: { yard: yard.url, pit: dead } });
    await shows(head, 'yard_arm');
    const list = async () => (await head.ask('GET', '/x-medkit-peers')).body.items;
    const [reachable, missing] = await list();
    assert.deepEqual(
      [reachable.name, reachable.url, reachable.status, reachable.entities],
      ['yard', yard.url, 'online', 5],
    );
    assert.ok(reachable.round_trip_ms >= 0 && reachable.round_trip_ms < 1000, reachable.round_trip_ms);
    assert.ok(!Number.isNaN(Date.parse(reachable.last_seen)));
    assert.equal(reachable.problem, undefined);
    assert.deepEqual([missing.name, missing.status, missing.round_trip_ms], ['pit', 'offline', undefined]);
    assert.match(missing.problem, /^The gateway pit at http:.* does not answer/);
    assert.deepEqual((await yard.ask('GET', '/x-medkit-peers')).body, { items: [] });
  });

  it("has the versions of both, this gateway's first, and names a gateway whose version is missing", async () => {
    const { head, yard } = await two();
    const versions = async (headers = {}) => (await head.ask('GET', '/version-info', undefined, headers)).body;
    const { items, sovd_info, 'x-medkit': facts } = await versions();
    assert.deepEqual(
      items.map((item: Item) => item['x-medkit']?.origin),
      [undefined, 'yard'],
    );
    assert.equal(items[1].vendor_info.name, items[0].vendor_info.name);
    assert.deepEqual([sovd_info, facts], [items, undefined]);
    assert.equal((await versions({ 'x-medkit-no-fan-out': '1' })).items.length, 1);
    await yard.close();
    opened.splice(opened.indexOf(yard), 1);
    const alone = await versions();
    assert.equal(alone.items.length, 1);
    assert.deepEqual([alone['x-medkit'].partial, alone['x-medkit'].failed_peers], [true, ['yard']]);
  });

  it('gives a peer no local data if that claims local nodes and other local names', async () => {
    const thief = {
      type: 'app',
      id: 'thief',
      node: '/arm',
      aliases: ['/arm', 'lidar', 'dock-arm', 'arm'],
      is_online: true,
    };
    const tree = { gateway: { instance: 't' }, items: [thief] };
    const other = await standIn({ '/x-medkit-tree': tree, '/faults': { items: [] } });
    opened.push(other);
    const head = await start('dock', { peers: { cell: other.url } });
    await shows(head, 'thief');
    const entityOf = async (path: string) => (await head.ask('GET', path)).body['x-medkit']?.entity_id;
    assert.equal(await entityOf('/apps/dock-arm/data/pose'), 'dock_arm');
    // No local entity has this name, so the peer may use it.
    assert.equal((await head.ask('GET', '/apps/arm')).body.id, 'thief');
    const { items } = (await head.ask('GET', '/faults')).body;
    assert.deepEqual(
      items.map((item: Item) => [item.fault_code, item['x-medkit']?.origin]),
      [['JAM', undefined]],
    );
    assert.equal((await head.ask('GET', '/apps/dock_arm/faults')).body.items.length, 1);
    assert.equal(other.requestLines.filter((line) => line.includes('dock')).length, 0);
  });

  it('shows changes of the tree of the other gateway soon', async () => {
    const { head, yard } = await two();
    yard.runtime.tell({ apps: [app('yard_new')] });
    await shows(head, 'yard_new');
  });

  it('reports in health which peers are online; declared entities of an offline peer stay, unavailable, and return', async () => {
    const { head, yard } = await two();
    const peers = async () => (await head.ask('GET', '/health')).body.peers;
    const [peer] = await peers();
    assert.deepEqual([peer.name, peer.url, peer.status, peer.entities], ['yard', yard.url, 'online', 5]);
    const port = Number(new URL(yard.url).port);
    const before = await idsOf(head, 'apps');
    await yard.close();
    opened.splice(opened.indexOf(yard), 1);
    await eventually('the loss', async () => (await peers())[0].status === 'offline');
    const remaining = 'dock_arm,lidar,yard_arm';
    await eventually('what is left', async () => String(await idsOf(head, 'apps')) === remaining);
    const facts = (await head.ask('GET', '/apps/yard_arm')).body['x-medkit'];
    assert.deepEqual([facts.available, facts.is_online], [false, false]);
    const { status, body } = await head.ask('GET', '/apps/yard_arm/data');
    assert.deepEqual([status, body.error_code, body.parameters.peer], [504, 'not-responding', 'yard']);
    const { warnings } = (await head.ask('GET', '/health')).body;
    const warning = warnings.find(({ code }: { readonly code: string }) => code === 'peer_unavailable');
    assert.deepEqual(warning?.peer_names, ['yard']);
    await start('yard', { port });
    await shows(head, 'yard__lidar');
    assert.deepEqual(await idsOf(head, 'apps'), before);
    assert.equal((await head.ask('GET', '/apps/yard_arm')).body['x-medkit'].available, undefined);
    assert.equal((await head.ask('GET', '/apps/yard_arm/data')).status, 200);
  });
});

interface Item {
  readonly id?: string;
  readonly fault_code?: string;
  readonly description?: string;
  readonly 'x-medkit'?: { readonly origin?: string; readonly entity_id?: string };
}

describe('a list of an entity that several gateways share', () => {
  it('has the faults of all, with filters and counts of both, and names the owner of each', async () => {
    const { head } = await two();
    const faultsOf = async (path: string) => {
      const { status, body } = await head.ask('GET', path);
      const items: readonly Item[] = body.items ?? [];
      return [status, items.map((item) => [item.description, item['x-medkit']?.origin]), body['x-medkit']?.count];
    };
    const both = [
      ['of dock', undefined],
      ['of yard', 'yard'],
    ];
    assert.deepEqual(await faultsOf('/faults'), [200, both, 2]);
    assert.deepEqual(await faultsOf('/areas/hall/faults'), [200, both, 2]);
    assert.deepEqual(await faultsOf('/faults?severity=critical'), [200, [], 0]);
    assert.equal((await head.ask('GET', '/faults?severity=nonsense')).status, 400);
    const alone = await head.ask('GET', '/faults', undefined, { 'x-medkit-no-fan-out': '1' });
    assert.equal(alone.body.items.length, 1);
  });

  it('has the data of an area of both, each item readable under its id there', async () => {
    const { head } = await two();
    const { items }: { readonly items: readonly Item[] } = (await head.ask('GET', '/areas/hall/data')).body;
    const owners = await Promise.all(
      items.map(
        async ({ id = '' }) => (await head.ask('GET', `/areas/hall/data/${encodeURIComponent(id)}`)).body.data.of,
      ),
    );
    assert.deepEqual(
      owners,
      items.map((item) => item['x-medkit']?.origin ?? 'dock'),
    );
    assert.equal(owners.filter((owner) => owner === 'yard').length, 2);
  });

  it('is partial and names the missing gateways, known to be offline or not', async () => {
    const { head, yard } = await two();
    await yard.close();
    opened.splice(opened.indexOf(yard), 1);
    for (const path of ['/faults', '/areas/hall/data']) {
      const { status, body } = await head.ask('GET', path);
      const { partial, failed_peers, failed_members } = body['x-medkit'];
      assert.deepEqual([path, status, partial, failed_peers], [path, 200, true, ['yard']]);
      assert.equal(failed_members[0].runtime, 'yard');
      await eventually('the loss', async () => (await head.ask('GET', '/health')).body.peers[0].status === 'offline');
    }
    const lost = (await head.ask('GET', '/faults')).body['x-medkit'];
    assert.deepEqual([lost.partial, lost.failed_peers], [true, ['yard']]);
  });
});

describe('gateways that are peers of each other', () => {
  it('show no local entity that returns, and none twice that arrives by two routes', async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const yard = await start('yard', { peers: { dock: url } });
    const hall = await start('hall', { peers: { yard: yard.url, dock: url } });
    const dock = await start('dock', { port, peers: { hall: hall.url, yard: yard.url } });
    await shows(dock, 'hall_arm');
    await shows(dock, 'yard_arm');
    await shows(yard, 'dock_arm');
    const apps = ['dock_arm', 'hall__lidar', 'hall_arm', 'lidar', 'yard__lidar', 'yard_arm'];
    await eventually('no copies', async () => String(await idsOf(dock, 'apps')) === String(apps));
    assert.equal((await dock.ask('GET', '/apps/hall_arm/data/pose')).body.data.of, 'hall');
  });

  it('reach the last gateway of a chain', async () => {
    const tail = await start('tail');
    const middle = await start('middle', { peers: { tail: tail.url } });
    const head = await start('head', { peers: { middle: middle.url } });
    await shows(head, 'tail_arm');
    assert.equal((await head.ask('GET', '/apps/tail_arm/data/pose')).body.data.of, 'tail');
    assert.equal((await head.ask('GET', '/apps/tail__lidar/data/scan')).body.data.of, 'tail');
  });

  it('report a peer that is the gateway itself, and one under two names', async () => {
    const port = await freePort();
    const yard = await start('yard');
    const peers = { self: `http://127.0.0.1:${port}`, yard: yard.url, twin: yard.url };
    const dock = await start('dock', { port, peers });
    await shows(dock, 'yard_arm');
    const problems = await eventually('both problems', async () => {
      const listed: readonly { readonly name: string; readonly problem?: string }[] = (await dock.ask('GET', '/health'))
        .body.peers;
      const found = listed.flatMap(({ problem }) => problem ?? []);
      return found.length === 2 && found.every((problem) => problem.includes('remove')) && found;
    });
    assert.match(problems[0] ?? '', /is this gateway itself: remove self from/);
    assert.match(problems[1] ?? '', /is the same gateway as \w+/);
    assert.equal((await idsOf(dock, 'apps')).length, 4);
  });
});
