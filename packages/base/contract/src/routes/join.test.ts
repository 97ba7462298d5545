import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listJoin } from './join.ts';
import type { Route } from './route.ts';
import { ALL_ROUTES } from './routes.ts';

/** The part of a JSON schema that describes a list. */
interface ListSchema {
  readonly properties?: Readonly<Record<string, ListSchema>>;
  readonly items?: ListSchema;
  readonly type?: string;
}

const schemaOf = ({ method, responses }: Route): ListSchema => (method === 'get' ? Object(responses[200]?.schema) : {});
const isList = (route: Route): boolean => schemaOf(route).properties?.['items']?.type === 'array';
const listRoutes = ALL_ROUTES.flatMap((route) => {
  const join = listJoin(route);
  return join ? [{ route, join, members: schemaOf(route).properties ?? {} }] : [];
});

describe('the lists of the contract', () => {
  it('state how they include other gateways', () => {
    const silent = ALL_ROUTES.filter((route) => isList(route) && route.join === undefined);
    assert.deepEqual(
      silent.map(({ operationId }) => operationId),
      [],
    );
  });

  it('are joined only if they are lists', () => {
    assert.deepEqual(
      listRoutes.filter(({ route }) => !isList(route)),
      [],
    );
    assert.ok(listRoutes.length >= 20, String(listRoutes.length));
  });

  it('add up every number of their items and members', () => {
    for (const { route, join, members } of listRoutes) {
      const facts = Object.entries(members['x-medkit']?.properties ?? {});
      const counts = facts.flatMap(([name, { type }]) => (type === 'integer' ? [name] : []));
      for (const name of counts) assert.ok(join.sums.includes(name), `${route.operationId}: ${name}`);
    }
  });

  it('are distinguished and ordered by what their items have', () => {
    for (const { route, join, members } of listRoutes) {
      const { type, properties = {} } = members['items']?.items ?? {};
      const isName = join.identity === 'value' || join.identity === 'origin';
      assert.equal(type === 'string', isName, route.operationId);
      if (join.identity === 'id' || join.identity === 'member') assert.ok('id' in properties, route.operationId);
      if (join.identity === 'fault') assert.ok('fault_code' in properties, route.operationId);
      if (join.order === 'time') assert.ok('timestamp' in properties, route.operationId);
    }
  });

  it('name a parameter and a member that the route has', () => {
    for (const { route, join, members } of listRoutes) {
      const { narrowedBy, alias } = join;
      if (narrowedBy !== undefined) assert.ok(route.parameters.some(({ name }) => name === narrowedBy));
      if (alias !== undefined) assert.ok(alias in members, route.operationId);
    }
  });
});
