import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ALL_ROUTES, type EntityKind, entityPath, KIND_TERMS, type Route } from '@medkit/contract';
import { app, component } from '@medkit/core/testing';
import { eventually } from '../harness/eventually.ts';
import { realGateway } from './real-gateway.ts';
import { here, replyTo } from './reply-view.ts';
import type { Gateway } from './robots.ts';
import { REQUESTS, robotGateway, type Step } from './route-requests.ts';

function routeOf(kind: EntityKind, { method, path }: Step): Route | undefined {
  const pathname = path.split('?')[0] as string;
  return ALL_ROUTES.filter(
    (route) => route.kind === kind && route.method === (method === 'HEAD' ? 'get' : method.toLowerCase()),
  )
    .map((route) => ({ route, rest: route.path.slice(entityPath(KIND_TERMS[kind]).length) }))
    .filter(({ rest }) => new RegExp(`^${rest.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(pathname))
    .sort((a, b) => a.rest.split('{').length - b.rest.split('{').length)[0]?.route;
}

/** Returns whether a route is answered from the tree of this gateway. */
const isOfTree = ({ related, path }: Route): boolean => related !== undefined || path.split('/').length <= 3;

describe('every route of an entity of another gateway', () => {
  let gateways: { readonly twin: Gateway; readonly yard: Gateway; readonly head: Gateway };

  before(async () => {
    const [twin, yard] = [await robotGateway(), await robotGateway()];
    const local = { components: [component('base')], apps: [app('lidar')] };
    const head = await realGateway({ instance: 'dock', robot: local, peers: { yard: yard.url } });
    gateways = { twin, yard, head };
    await eventually('the peer', async () => (await head.ask('GET', '/apps/yard__lidar')).status === 200);
  });
  after(async () => {
    for (const gateway of [gateways.head, gateways.yard, gateways.twin]) await gateway.close();
  });

  it('is covered by this comparison', () => {
    for (const kind of Object.keys(REQUESTS) as EntityKind[]) {
      const compared = new Set(REQUESTS[kind][1].map((each) => routeOf(kind, each)?.operationId));
      const routes = ALL_ROUTES.filter((route) => route.kind === kind && !isOfTree(route));
      const uncovered = routes.map(({ operationId }) => operationId).filter((id) => !compared.has(id));
      assert.deepEqual(uncovered, [], kind);
      assert.ok(!compared.has(undefined), kind);
    }
  });

  it('is in the documentation of the entity, under its local name', async () => {
    const { twin, head } = gateways;
    for (const kind of Object.keys(REQUESTS) as EntityKind[]) {
      const { collection } = KIND_TERMS[kind];
      const [id] = REQUESTS[kind];
      const pathsAt = async (gateway: Gateway, path: string) => {
        const { status, body } = await gateway.ask('GET', `/${collection}/${path}/docs`);
        assert.equal(status, 200, path);
        return Object.keys(body.paths).map(here).sort();
      };
      const idHere = kind === 'app' || kind === 'component' ? `yard__${id}` : id;
      assert.deepEqual(await pathsAt(head, idHere), await pathsAt(twin, id), kind);
    }
  });

  for (const kind of Object.keys(REQUESTS) as EntityKind[]) {
    it(`is answered through this gateway as by its owner, for ${KIND_TERMS[kind].a}`, async () => {
      const { twin, head } = gateways;
      const [id, steps] = REQUESTS[kind];
      const { collection } = KIND_TERMS[kind];
      const idHere = kind === 'app' || kind === 'component' ? `yard__${id}` : id;
      const saved = { direct: new Map<string, string>(), through: new Map<string, string>() };
      const differences: unknown[] = [];
      for (const each of steps) {
        const direct = await replyTo(twin.url, `/api/v1/${collection}/${id}`, each, saved.direct);
        const through = await replyTo(head.url, `/api/v1/${collection}/${idHere}`, each, saved.through);
        const name = `${each.method} ${each.path}`;
        const isExpected = each.status === undefined ? direct.status < 300 : direct.status === each.status;
        if (!isExpected) differences.push({ name, expected: each.status ?? 'success', direct });
        try {
          assert.deepEqual(through, direct);
        } catch (error) {
          differences.push({ name, message: (error as Error).message });
        }
      }
      assert.deepEqual(differences, []);
    });
  }
});
