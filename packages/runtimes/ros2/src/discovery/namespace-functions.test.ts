import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { namespaceFunctions } from './namespace-functions.ts';

describe('functions from namespaces', () => {
  it('group apps by the first segment, the root namespace as root', () => {
    const apps = [{ namespace: '/sensors/front' }, { namespace: '/' }, { namespace: '/sensors' }];
    const { functions } = namespaceFunctions(apps, ['lidar', 'base', 'camera']);
    assert.deepEqual(
      functions.map(({ id, hosts }) => [id, hosts]),
      [
        ['root', ['base']],
        ['sensors', ['camera', 'lidar']],
      ],
    );
  });

  it('are none without apps', () => {
    assert.deepEqual(namespaceFunctions([], []).functions, []);
  });

  it('are the same objects again, except those whose apps changed', () => {
    const apps = [{ namespace: '/arm' }, { namespace: '/base/left' }, { namespace: '/base' }];
    const before = namespaceFunctions(apps, ['gripper', 'wheel', 'motor']);
    const later = namespaceFunctions([...apps, { namespace: '/base' }], ['gripper', 'wheel', 'motor', 'lift'], before);
    assert.deepEqual(later.functions[1].hosts, ['lift', 'motor', 'wheel']);
    assert.equal(later.functions[0], before.functions[0]);
    const renamed = namespaceFunctions(apps, ['gripper_2', 'wheel', 'motor'], before);
    assert.deepEqual(renamed.functions[0].hosts, ['gripper_2']);
    assert.equal(renamed.functions[1], before.functions[1]);
  });
});
