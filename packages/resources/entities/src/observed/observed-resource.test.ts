import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import { observedResource } from './observed-resource.ts';

describe('the resource of a trigger or subscription', () => {
  for (const [path, read] of [
    ['data/value', 'value'],
    ['data//value', 'value'],
    ['data/%2Fvalue', 'value'],
    ['data/arm%2Fjoint/state', 'arm/joint/state'],
    ['data/..foo', '..foo'],
    ['faults', ''],
    ['faults/', ''],
  ] as const) {
    it(`reads ${path}`, () => {
      const uri = `/api/v1/apps/lidar/${path}`;
      const [collection] = path.split('/');
      assert.deepEqual(observedResource(uri), { uri, entity: { kind: 'app', id: 'lidar' }, collection, path: read });
    });
  }

  it('reads a resource of the server itself', () => {
    const uri = '/api/v1/updates/map/status';
    assert.deepEqual(observedResource(uri), { uri, entity: undefined, collection: 'updates', path: 'map/status' });
  });

  for (const uri of [
    '',
    'data/value',
    '/api/v2/apps/lidar/data/value',
    '/api/v1',
    '/api/v1/',
    '/api/v1/apps',
    '/api/v1/apps/lidar',
    '/api/v1/apps/li dar/data/x',
    '/api/v1/apps/lidar/data/../../base/data/x',
    '/api/v1/apps/lidar/data/%2e%2e/x',
    '/api/v1/apps/lidar/data/a%2F..%2Fb',
    '/api/v1/apps/lidar/data/%zz',
    `/api/v1/apps/lidar/data/${'x'.repeat(3000)}`,
  ]) {
    it(`rejects ${JSON.stringify(uri.slice(0, 50))}`, () => {
      assert.throws(
        () => observedResource(uri),
        (error) => error instanceof SovdError && error.code === 'x-medkit-invalid-resource-uri',
      );
    });
  }
});
