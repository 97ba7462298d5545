import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ROUTES, type Route } from '@medkit/contract';
import { testGateway } from '../testing/test-gateway.ts';
import { queryCheck } from './query-check.ts';

const { app } = await testGateway();
const ask = (path: string) => app.inject({ url: `/api/v1${path}` });

const lists = Object.values(ROUTES)
  .flatMap((routes) => routes as readonly Route[])
  .filter(({ method, operationId }) => method === 'get' && operationId.startsWith('list'));

describe('an unknown query parameter of a list', () => {
  it('is refused by every list, with its name', () => {
    assert.ok(lists.length > 60);
    for (const route of lists) {
      const check = queryCheck(route);
      for (const name of ['tags', 'categories', 'include-schema', 'filter']) {
        assert.throws(() => check?.({ [name]: 'x' }), { code: 'invalid-parameter' }, `${route.path} ${name}`);
      }
      const declared = route.parameters.filter((each) => each.in === 'query').map(({ name }) => name);
      for (const name of [...declared, '_'])
        assert.doesNotThrow(() => check?.({ [name]: 'x' }), `${route.path} ${name}`);
    }
  });

  it('is 400 with the known parameters, and the nearest name', async () => {
    const data = await ask('/apps/lidar_driver/data?categories=currentData');
    assert.equal(data.statusCode, 400);
    assert.equal(data.json().error_code, 'invalid-parameter');
    assert.equal(data.json().message, 'This route has no query parameter "categories": it has no query parameters');
    const cached = await ask('/apps?tags=front');
    assert.equal(cached.statusCode, 400);
    const logs = (await ask('/apps/lidar_driver/logs?severty=error')).json();
    assert.match(logs.message, /no query parameter "severty": supported are severity, context/);
    assert.deepEqual(logs.parameters, { parameter: 'severty', did_you_mean: 'severity' });
    const history = await ask('/apps/lidar_driver/data/scan/x-medkit-history?secnds=10');
    assert.equal(history.json().parameters.did_you_mean, 'seconds');
  });

  it('is accepted by routes that list nothing, and if clients of ros2_medkit send it', async () => {
    for (const path of [
      '/health?verbose=1',
      '/apps/lidar_driver?expand=all',
      '/apps?_=1774231973',
      '/faults?status=all&include_muted=true&include_clusters=true',
      '/apps/lidar_driver/faults?status=all&include_muted=true',
      '/apps/lidar_driver/logs?severity=info&context=',
    ]) {
      assert.equal((await ask(path)).statusCode, 200, path);
    }
  });
});
