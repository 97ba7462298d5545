import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { app, area, component, fault, functionEntity, memoryFaults, memoryOperations } from '@medkit/core/testing';
import { eventually } from '../harness/eventually.ts';
import { componentOf, describedBy, originalGateway } from './original-gateway.ts';
import { realGateway } from './real-gateway.ts';
import { ORIGINAL, standIn } from './stand-in.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

/** Starts a medkit gateway with an example of everything that a tree contains. */
async function gatewayOf(instance: string, peers: Readonly<Record<string, string>> = {}) {
  const gateway = await realGateway({
    instance,
    peers,
    // Errors of a stand-in have arbitrary codes.
    isChecked: false,
    robot: {
      areas: [area('yard'), area('corner', { parentAreaId: 'yard' })],
      components: [
        component('truck', { areaId: 'yard', source: 'manifest', identity: { manufacturer: 'ACME' } }),
        component('mast', { parentComponentId: 'truck', source: 'manifest', dependsOn: ['truck'] }),
      ],
      apps: [
        app('lift', { componentId: 'mast', node: '/lift', address: { runtime: 'ros2', nativeId: '/lift' } }),
        app('valve', { componentId: 'truck', node: '/valve', address: { runtime: 'ros2', nativeId: '/valve' } }),
      ],
      functions: [functionEntity('load', ['lift', 'valve'], { description: 'Loads' })],
      data: { '/lift': { '/height': { value: { data: 3 } } }, '/valve': { '/level': { value: { data: 9 } } } },
      records: { isEntity: () => true },
      providers: {
        faults: memoryFaults({ faults: [fault('JAM', { sources: ['/lift'] })] }),
        operations: memoryOperations({ '/lift': { home: { answer: () => ({ by: instance }) } } }),
      },
    },
  });
  opened.push(gateway);
  return gateway;
}

const idsOf = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id).sort();
const shows = (head: Awaited<ReturnType<typeof gatewayOf>>, id: string) =>
  eventually(id, async () => (await head.ask('GET', `/apps/${id}`)).status === 200);

/** Sends a request to any gateway. */
async function ask(url: string, method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  const reply = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  return {
    status: reply.status,
    location: reply.headers.get('location'),
    body: text === '' ? undefined : JSON.parse(text),
  };
}

describe('ros2_medkit as a client', () => {
  it('finds everything of this gateway on its routes: relations, nameplates, hosts, availability', async () => {
    const { url } = await gatewayOf('yard');
    const { areas, components, apps, functions } = await describedBy(url);
    assert.deepEqual([areas, components, apps, functions].map(idsOf), [
      ['corner', 'yard'],
      ['mast', 'truck'],
      ['lift', 'valve'],
      ['load'],
    ]);
    const factsOf = (list: readonly { readonly id: string }[], id: string) =>
      (list.find((each) => each.id === id) as never)['x-medkit'] as Record<string, unknown>;
    const truck = factsOf(components, 'truck');
    assert.deepEqual([truck['area'], truck['source']], ['yard', 'manifest']);
    assert.equal((truck['identity'] as Record<string, unknown>)['manufacturer'], 'ACME');
    const mast = factsOf(components, 'mast');
    assert.deepEqual([mast['parentComponentId'], mast['dependsOn']], ['truck', ['truck']]);
    assert.deepEqual(apps.map(componentOf), ['mast', 'truck']);
    assert.equal(factsOf(apps, 'lift')['is_online'], true);
    assert.deepEqual(factsOf(functions, 'load')['hosts'], ['lift', 'valve']);
    assert.deepEqual([idsOf(apps[0].data), idsOf(apps[0].operations)], [['/height'], ['home']]);
  });

  it('finds the entities of a further gateway through this one, each app at its owner, and drops no unresponsive one', async () => {
    const cell = await standIn();
    opened.push(cell);
    const middle = await gatewayOf('middle', { cell: cell.url });
    await shows(middle, 'pump');
    const { components, apps, functions } = await describedBy(middle.url);
    assert.deepEqual(idsOf(apps), ['cell__valve', 'lift', 'odd', 'pump', 'valve']);
    const valve = apps.find(({ id }) => id === 'cell__valve');
    assert.deepEqual([componentOf(valve), idsOf(valve.data)], ['plc', ['/level']]);
    assert.deepEqual(functions.find(({ id }) => id === 'dosing')['x-medkit'].hosts, ['cell__valve']);
    const card = components.find(({ id }) => id === 'io_card')['x-medkit'];
    assert.deepEqual([card.available, card.parentComponentId], [false, 'plc']);
  });

  it('requests only the local part of lists from this gateway', async () => {
    const cell = await standIn();
    opened.push(cell);
    const middle = await gatewayOf('middle', { cell: cell.url });
    await shows(middle, 'pump');
    const before = cell.requestLines.length;
    for (const path of ['/faults', '/areas/yard/data', '/version-info']) {
      const { status, body } = await ask(middle.url, 'GET', path, undefined, { 'x-medkit-no-fan-out': '1' });
      assert.deepEqual([status, Array.isArray(body.items), body['x-medkit']?.partial], [200, true, undefined], path);
    }
    assert.deepEqual(
      cell.requestLines.slice(before).filter((line) => /faults|data|version/.test(line)),
      [],
    );
  });
});

describe('ros2_medkit that aggregates a medkit gateway', () => {
  it('reads, writes, runs operations and finds the resources that it created, and locks are checked for its client', async () => {
    const yard = await gatewayOf('yard');
    const { url, close } = await originalGateway(ORIGINAL, { name: 'yard', url: yard.url });
    opened.push({ close });
    assert.equal((await ask(url, 'GET', '/apps/lift/data/height')).body.data.data, 3);
    assert.equal((await ask(url, 'GET', '/apps/yard__valve/data/level')).body.data.data, 9, 'apart from its own valve');
    const by = (client: string) => ({ 'x-client-id': client });
    const lock = await ask(url, 'POST', '/apps/lift/locks', { lock_expiration: 60 }, by('alice'));
    assert.equal(lock.status, 201);
    const made = (lock.location ?? '').replace('/api/v1', '');
    assert.equal((await ask(url, 'GET', made, undefined, by('alice'))).body.owned, true, made);
    const run = (client: string) =>
      ask(url, 'POST', '/apps/lift/operations/home/executions', { parameters: {} }, by(client));
    assert.deepEqual([(await run('bob')).status, (await run('alice')).status], [409, 200]);
    const write = await ask(url, 'PUT', '/apps/lift/data/height', { type: 'x/msg/X', data: { data: 4 } }, by('alice'));
    assert.deepEqual([write.status, yard.runtime.written.length], [200, 1]);
    const codes = (await ask(url, 'GET', '/faults')).body.items.map((item: { fault_code: string }) => item.fault_code);
    assert.deepEqual(codes, ['LEAK', 'JAM']);
  });

  it('forwards the entities of the last gateway in the middle of a chain', async () => {
    const tail = await gatewayOf('tail');
    const middle = await originalGateway(ORIGINAL, { name: 'tail', url: tail.url });
    opened.push(middle);
    const robot = { apps: [app('own')], providers: { faults: memoryFaults({ faults: [] }) } };
    const head = await realGateway({ instance: 'head', robot, peers: { middle: middle.url } });
    opened.push(head);
    await shows(head, 'lift');
    assert.deepEqual(idsOf((await head.ask('GET', '/apps')).body.items), [
      'lift',
      'odd',
      'own',
      'pump',
      'tail__valve',
      'valve',
    ]);
    const factsOf = async (path: string) => (await head.ask('GET', path)).body['x-medkit'];
    assert.equal((await factsOf('/components/truck')).identity.manufacturer, 'ACME');
    assert.deepEqual((await factsOf('/functions/load')).hosts.toSorted(), ['lift', 'tail__valve']);
    const levelOf = async (id: string) => (await head.ask('GET', `/apps/${id}/data/level`)).body.data.data;
    assert.deepEqual([await levelOf('tail__valve'), await levelOf('valve')], [9, 7]);
    const write = await head.ask('PUT', '/apps/lift/data/height', { type: 'x/msg/X', data: { data: 4 } });
    assert.deepEqual([write.status, tail.runtime.written.length], [200, 1]);
    const run = await head.ask('POST', '/apps/lift/operations/home/executions', { parameters: {} });
    assert.deepEqual([run.status, run.text.includes('"tail"')], [200, true]);
    const { items } = (await head.ask('GET', '/faults')).body;
    assert.deepEqual(items.map(({ fault_code }: { readonly fault_code: string }) => fault_code).sort(), [
      'JAM',
      'LEAK',
    ]);
  });
});
