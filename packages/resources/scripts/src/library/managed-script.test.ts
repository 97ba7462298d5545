import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchesOwner } from './managed-script.ts';

test('a script of the manifest belongs to the entities that its filter names', () => {
  const owners = ['apps/lidar', 'apps/lidar_rear', 'components/lidar'];
  const fitting = (...filter: string[]) => owners.filter((owner) => matchesOwner(filter, owner));
  assert.deepEqual(fitting(), owners);
  assert.deepEqual(fitting('*'), owners);
  assert.deepEqual(fitting('lidar'), ['apps/lidar', 'components/lidar']);
  assert.deepEqual(fitting('components/*'), ['components/lidar']);
  assert.deepEqual(fitting('apps/lidar'), ['apps/lidar']);
  assert.deepEqual(fitting('lidar_*', 'components/lid?r'), ['apps/lidar_rear', 'components/lidar']);
  assert.deepEqual(fitting('camera'), []);
});
