import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ALL_ROUTES, type EntityKind, entityPath, KIND_TERMS, type ListJoin, listJoin } from '@medkit/contract';
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
import { armGateways, armRobot, type Gateway, withUpdates } from './robots.ts';

// biome-ignore lint/suspicious/noExplicitAny: assertions check the received data.
type Json = any;

/** An entity of each kind. Both gateways have the area and the function; each has its own component and app. */
const ENTITIES: Readonly<Record<EntityKind, string>> = {
  area: 'hall',
  component: 'base',
  app: 'lamp',
  function: 'lighting',
};
const SHARED: ReadonlySet<EntityKind | undefined> = new Set(['area', 'function', undefined]);
const ALONE = { 'x-medkit-no-fan-out': '1' };

/** A robot with these entities, an arm, and faults, operations, parameters and values. */
function sharingRobot(name: string): ReturnType<typeof armRobot> {
  const arm = armRobot(name);
  const lamp = `/${name}/lamp`;
  return {
    ...arm,
    areas: [area('hall')],
    components: [...(arm.components ?? []), component('base', { areaId: 'hall', source: 'manifest' })],
    apps: [
      ...(arm.apps ?? []),
      app('lamp', {
        componentId: 'base',
        node: lamp,
        address: { runtime: 'ros2', nativeId: lamp },
        source: 'manifest',
      }),
    ],
    functions: [functionEntity('lighting', ['lamp'])],
    data: { ...arm.data, [lamp]: { [`/${name}/light`]: { value: { of: name } }, '/power': { value: { of: name } } } },
    providers: {
      ...arm.providers,
      faults: memoryFaults({
        faults: [
          fault('JAM', { description: `of ${name}`, sources: ['/arm'] }),
          fault(`DARK_${name.toUpperCase()}`, { sources: [lamp] }),
        ],
      }),
      operations: memoryOperations({ [lamp]: { blink: {}, [`only_${name}`]: {} } }),
      configurations: memoryConfigurations({ [lamp]: { level: { type: 'int', value: 1 } } }),
    },
  };
}

describe('a list of two gateways', () => {
  const { start, closeAll } = armGateways();
  let yard: Gateway;
  let head: Gateway;
  before(async () => {
    yard = await start('yard', { robot: sharingRobot('yard'), ...(await withUpdates('map')).options });
    const updates = (await withUpdates('map', 'arm-2')).options;
    head = await start('dock', { robot: sharingRobot('dock'), ...updates, peers: { yard: yard.url } });
  });
  after(closeAll);

  /** Returns the list of each gateway that has a part in it. */
  const parts = async (path: string, kind?: EntityKind): Promise<readonly Json[]> => {
    const lists = [];
    for (const gateway of SHARED.has(kind) ? [head, yard] : [head]) {
      const { status, body } = await gateway.ask('GET', path, undefined, ALONE);
      assert.ok(status === 200 || status === 404 || status === 501, `${path}: ${status}`);
      if (status === 200) lists.push(body);
    }
    return lists;
  };

  for (const route of ALL_ROUTES) {
    const join = listJoin(route);
    if (!join) continue;
    it(`is joined as ${route.operationId} says`, async () => {
      const { kind } = route;
      const path = kind === undefined ? route.path : route.path.replace(entityPath(KIND_TERMS[kind]), addressOf(kind));
      const lists = await parts(path, kind);
      const { status, body } = await head.ask('GET', path);
      if (lists.length === 0) return assert.ok(status === 404 || status === 501, `${path}: ${status}`);
      assert.equal(status, 200, path);
      assert.equal(body['x-medkit']?.partial, undefined, path);
      assertItems(join, body, lists);
      for (const name of join.sums) {
        const counts = lists.flatMap((list) => list['x-medkit']?.[name] ?? []);
        if (counts.length === 0) continue;
        const sum = counts.reduce((one: number, other: number) => one + other, 0);
        assert.equal(body['x-medkit'][name], sum, `${path}: ${name}`);
      }
      if (join.alias !== undefined) assert.deepEqual(body[join.alias], body.items);
    });
  }

  it('has items of both gateways wherever both can have some', async () => {
    for (const path of ['/faults', '/version-info', '/updates', '/areas/hall/data', '/functions/lighting/faults']) {
      assert.ok((await parts(path)).filter(({ items }) => items.length > 0).length === 2, path);
    }
  });
});

const addressOf = (kind: EntityKind): string => `/${KIND_TERMS[kind].collection}/${ENTITIES[kind]}`;

/** Checks which items a joined list has, how they are distinguished, and their order. */
function assertItems({ identity, order }: ListJoin, { items }: Json, lists: readonly Json[]): void {
  const all: readonly Json[] = lists.flatMap((list) => list.items);
  if (identity === 'value') {
    assert.deepEqual(items, [...new Set(all)]);
    return;
  }
  assert.equal(items.length, all.length);
  assert.equal(new Set(items.map((item: Json) => JSON.stringify(item))).size, items.length);
  if (identity === 'id' || identity === 'member') {
    const ids = items.map(({ id }: Json) => id);
    assert.equal(new Set(ids).size, ids.length, String(ids));
  }
  if (order === 'time') {
    const times = items.map(({ timestamp }: Json) => timestamp);
    assert.deepEqual(times, times.toSorted());
  }
  if (identity === 'origin' || lists.length < 2) return;
  const localItems = items.filter((item: Json) => item['x-medkit']?.origin === undefined);
  if (order === 'gateway') assert.deepEqual(localItems, items.slice(0, localItems.length), 'this gateway comes first');
}
