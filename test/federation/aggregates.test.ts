import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import {
  app,
  area,
  component,
  fault,
  functionEntity,
  memoryConfigurations,
  memoryFaults,
  memoryOperations,
} from '@medkit/core/testing';
import { eventually } from '../harness/eventually.ts';
import { realGateway } from './real-gateway.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

/** Starts a gateway of one node with parameters, in the area `hall`; `fixed` is read-only. */
async function gatewayOf(name: string, peers: Readonly<Record<string, string>> = {}, hosts = [`${name}_arm`]) {
  const gateway = await realGateway({
    instance: name,
    peers,
    robot: {
      areas: [area('hall')],
      components: [component(`${name}_base`, { areaId: 'hall', source: 'manifest' })],
      apps: [app(`${name}_arm`, { componentId: `${name}_base`, address: { runtime: 'ros2', nativeId: '/arm' } })],
      functions: [functionEntity('pick', hosts)],
      data: { '/arm': { '/pose': { value: { of: name } } } },
      providers: {
        faults: memoryFaults({ faults: [fault('JAM', { description: `of ${name}`, sources: ['/arm'] })] }),
        operations: memoryOperations({ '/arm': { home: { answer: () => ({ by: name }) } } }),
        configurations: memoryConfigurations({
          '/arm': {
            speed: { type: 'int', value: 1 },
            'a:b': { type: 'int', value: 5 },
            fixed: { type: 'int', value: 2, readOnly: true },
          },
        }),
      },
    },
  });
  opened.push(gateway);
  return gateway;
}

/** Starts a gateway with a node, and one with another node that aggregates it. */
async function two(hosts?: string[]) {
  const yard = await gatewayOf('yard');
  const dock = await gatewayOf('dock', { yard: yard.url }, hosts);
  await eventually('yard_arm', async () => (await dock.ask('GET', '/apps/yard_arm')).status === 200);
  return { yard, dock };
}

const HALL = '/areas/hall/configurations';

const idsOf = (body: { readonly items: readonly { readonly id: string }[] }) => body.items.map(({ id }) => id);

describe('an entity that several gateways share', () => {
  it('has the operations of every gateway, each run by its owner under the id in the list [edge]', async () => {
    const { dock } = await two();
    const { body } = await dock.ask('GET', '/areas/hall/operations');
    assert.deepEqual(idsOf(body), ['home', 'yard_arm:home']);
    for (const [id, by] of [
      ['home', 'dock'],
      ['yard_arm:home', 'yard'],
      ['dock_arm:home', 'dock'],
    ]) {
      const run = await dock.ask('POST', `/areas/hall/operations/${id}/executions`, { parameters: {} });
      assert.deepEqual([run.status, run.text.includes(`"${by}"`)], [200, true], run.text);
    }
  });

  it('sends one request to a gateway for the data of a component and its apps [edge]', async () => {
    const { dock } = await two(['dock_arm', 'yard_base', 'yard_arm']);
    const { body } = await dock.ask('GET', '/functions/pick/data');
    assert.deepEqual(idsOf(body), ['/pose', 'yard_arm:/pose']);
  });
});

describe('an entity that chained gateways share', () => {
  it('has the items of the last gateway in every collection, each once and readable', async () => {
    const tail = await gatewayOf('tail');
    const middle = await gatewayOf('middle', { tail: tail.url });
    const head = await gatewayOf('head', { middle: middle.url });
    await eventually('tail_arm', async () => (await head.ask('GET', '/apps/tail_arm')).status === 200);
    for (const [path, ids] of [
      ['data', ['/pose', 'middle_arm:/pose', 'tail_arm:/pose']],
      ['operations', ['home', 'middle_arm:home', 'tail_arm:home']],
      ['configurations', ['head_arm:speed', 'middle_arm:speed', 'tail_arm:speed']],
    ] as const) {
      const { status, body } = await head.ask('GET', `/areas/hall/${path}`);
      const found = idsOf(body).filter((id) => /pose|home|speed/.test(id));
      assert.deepEqual([status, found.toSorted()], [200, ids], path);
      for (const id of ids) {
        const item = await head.ask('GET', `/areas/hall/${path}/${encodeURIComponent(id)}`);
        assert.equal(item.status, 200, `${path} ${id}: ${item.text}`);
      }
      assert.equal(body['x-medkit']?.partial, undefined, path);
    }
    const { items } = (await head.ask('GET', '/faults')).body;
    assert.deepEqual(items.map(({ description }: { readonly description: string }) => description).sort(), [
      'of head',
      'of middle',
      'of tail',
    ]);
  });
});

describe('configurations of an entity that several gateways share', () => {
  it('are those of all members, each prefixed with its member, also for a function [edge]', async () => {
    const { dock } = await two();
    for (const path of [HALL, '/functions/pick/configurations']) {
      const { status, body } = await dock.ask('GET', path);
      const ids = body.items.map(({ id }: { readonly id: string }) => id);
      assert.equal(status, 200);
      for (const id of ['dock_arm:speed', 'yard_arm:speed']) assert.ok(ids.includes(id), `${path}: ${ids}`);
    }
  });

  it('are those of several members of one other gateway, if only this gateway knows the group [edge]', async () => {
    const yard = await realGateway({
      instance: 'yard',
      robot: {
        apps: ['arm', 'leg'].map((id) => app(id, { address: { runtime: 'ros2', nativeId: `/${id}` } })),
        providers: {
          configurations: memoryConfigurations({
            '/arm': { speed: { type: 'int', value: 1 } },
            '/leg': { speed: { type: 'int', value: 2 } },
          }),
        },
      },
    });
    opened.push(yard);
    const robot = { functions: [functionEntity('walk', ['arm', 'leg'])] };
    const head = await realGateway({ instance: 'head', robot, peers: { yard: yard.url } });
    opened.push(head);
    await eventually('leg', async () => (await head.ask('GET', '/apps/leg')).status === 200);
    const ids = idsOf((await head.ask('GET', '/functions/walk/configurations')).body);
    assert.deepEqual(ids.toSorted(), ['arm:speed', 'leg:speed']);
    const read = await head.ask('GET', '/functions/walk/configurations/leg:speed');
    assert.deepEqual([read.status, read.body.data], [200, 2]);
    const { body } = await head.ask('DELETE', '/functions/walk/configurations');
    assert.deepEqual(
      body.results.map(({ app_id, success }: { readonly app_id: string; readonly success: boolean }) => [
        app_id,
        success,
      ]),
      [
        ['arm', true],
        ['leg', true],
      ],
    );
  });

  it('are read, set and reset at the named member, local or remote [edge]', async () => {
    const { dock, yard } = await two();
    for (const [id, gateway] of [
      ['yard_arm', yard],
      ['dock_arm', dock],
    ] as const) {
      const value = async () => (await gateway.ask('GET', `/apps/${id}/configurations/speed`)).body.data;
      const read = await dock.ask('GET', `${HALL}/${id}:speed`);
      assert.deepEqual([read.status, read.body.data], [200, 1]);
      assert.match(JSON.stringify(read.body['x-medkit']), new RegExp(id), 'it names who answers');
      const set = await dock.ask('PUT', `${HALL}/${id}:speed`, { data: 7 });
      assert.deepEqual([set.status, await value()], [200, 7], set.text);
      const reset = await dock.ask('DELETE', `${HALL}/${id}:speed`);
      assert.deepEqual([reset.status, await value()], [204, 1], reset.text);
    }
  });

  it('of an app keep their names, with or without a colon [edge]', async () => {
    const { dock } = await two();
    for (const id of ['yard_arm', 'dock_arm']) {
      for (const name of ['speed', 'a:b']) {
        assert.equal((await dock.ask('GET', `/apps/${id}/configurations/${name}`)).status, 200, `${id} ${name}`);
      }
      assert.equal((await dock.ask('GET', `/apps/${id}/configurations/${id}:speed`)).status, 404);
    }
  });

  it('name an existing member other than the entity itself before the colon, and the item after it [edge]', async () => {
    const { dock } = await two();
    for (const name of ['nobody:speed', 'hall:speed', 'yard_arm:', 'dock_arm:', ':speed']) {
      const { status } = await dock.ask('GET', `${HALL}/${name}`);
      assert.ok(status === 404 || status === 400, `${name}: ${status}`);
    }
    assert.equal((await dock.ask('GET', `${HALL}/yard_arm:a:b`)).status, 200);
  });

  it('are never reset completely if another gateway has some: the unreached parts are named [edge]', async () => {
    const { dock, yard } = await two();
    await dock.ask('PUT', `${HALL}/yard_arm:speed`, { data: 7 });
    const value = async () => (await yard.ask('GET', '/apps/yard_arm/configurations/speed')).body.data;
    const { status, body, text } = await dock.ask('DELETE', HALL, undefined, { 'x-medkit-no-fan-out': '1' });
    assert.equal(status, 207, text);
    assert.match(JSON.stringify(body), /yard/);
    assert.equal(await value(), 7);
    const reset = await dock.ask('DELETE', HALL);
    assert.deepEqual([reset.status, await value()], [207, 1]);
    for (const id of ['yard_arm', 'dock_arm']) assert.match(reset.text, new RegExp(`"app_id":"${id}"`));
  });
});
