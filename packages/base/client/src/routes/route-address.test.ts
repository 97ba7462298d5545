import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvalidName } from '../failures.ts';
import { resourceUri, routeAddress } from './route-address.ts';

describe('the address of a route', () => {
  it('is filled with the values of the request, none of which becomes a part of the path', () => {
    assert.deepEqual(
      routeAddress('getDataItem', { entity: { kind: 'app', id: 'lidar' }, path: { data_id: '/front/scan?' } }),
      { method: 'GET', path: '/api/v1/apps/lidar/data/%2Ffront%2Fscan%3F' },
    );
    assert.deepEqual(routeAddress('listEntities', { kind: 'function' }), { method: 'GET', path: '/api/v1/functions' });
    assert.deepEqual(routeAddress('clearAllFaults', {}), { method: 'DELETE', path: '/api/v1/faults' });
  });

  it('is rejected for a name that would lead to another resource: to the list of faults, or out of it', () => {
    const entity = { kind: 'app', id: 'lidar' } as const;
    for (const name of ['', '.', '..', 'a\ud800']) {
      assert.throws(() => routeAddress('clearFault', { entity, path: { fault_code: name } }), InvalidName, name);
      assert.throws(() => routeAddress('listData', { entity: { kind: 'app', id: name } }), InvalidName, name);
    }
    const path = { data_id: '../..' };
    assert.equal(routeAddress('getDataItem', { entity, path }).path, '/api/v1/apps/lidar/data/..%2F..');
  });

  it('has the parameters of the query that were given', () => {
    const query = { status: 'all', include_muted: true, include_clusters: undefined };
    assert.equal(routeAddress('listAllFaults', { query }).path, '/api/v1/faults?status=all&include_muted=true');
  });

  it('is rejected for a kind of entity that the route does not support', () => {
    assert.throws(
      () => routeAddress('listScripts', { entity: { kind: 'area', id: 'hall' } }),
      /does not exist for area/,
    );
  });
});

describe('the address of a resource', () => {
  it('is that of its entity and the rest of the path', () => {
    assert.equal(resourceUri({ kind: 'app', id: 'lidar' }, 'data/scan'), '/api/v1/apps/lidar/data/scan');
  });
});
