import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entityUris } from '../routes/entity-uris.ts';
import { capabilitiesOf, isServed, rootCapabilities } from './capabilities.ts';

test('an entity advertises only resources with a route, and has an address for every resource', () => {
  assert.equal(entityUris('app', 'lidar_driver').faults, '/api/v1/apps/lidar_driver/faults');
  const names = capabilitiesOf('app', 'lidar_driver').map(({ name }) => name);
  assert.ok(names.includes('data'));
  assert.equal(names.includes('x-medkit-graph'), false);
  for (const name of names) assert.ok(isServed('app', name), name);
});

test('conditional resources are advertised when the entity has them and a route serves them', () => {
  const names = capabilitiesOf('app', 'lidar_driver', ['is-located-on', 'belongs-to']).map(({ name }) => name);
  assert.deepEqual(names.slice(-2), ['is-located-on', 'belongs-to']);
  assert.deepEqual(
    capabilitiesOf('component', 'amr_01', ['belongs-to']).filter(({ name }) => name === 'belongs-to'),
    [],
  );
});

test('the root reports a capability if its routes exist', () => {
  const capabilities = rootCapabilities();
  assert.equal(capabilities.discovery, true);
  assert.equal(capabilities.data_access, true);
  assert.equal(capabilities.tls, false);
  assert.equal(Object.keys(capabilities).length, 17);
});
