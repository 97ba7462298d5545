import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hostComponent, hostId, osNameOf } from './host-component.ts';
import { isInternalNode } from './internal-node.ts';
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

  it('are the same objects again but for those whose apps are others', () => {
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

describe('host component', () => {
  it('has the host name as id in a spelling that an id allows', () => {
    assert.equal(hostId('Dev.Machine 01-A!'), 'dev_machine_01-a');
    assert.equal(hostId('my@host!name#1'), 'myhostname1');
    assert.equal(hostId(''), 'unknown_host');
    assert.equal(hostId('@#$%'), 'unknown_host');
    assert.equal(hostId('h'.repeat(300)).length, 256);
  });

  it('says what runs on it', () => {
    const robot = hostComponent({ hostname: 'Robot.local', osName: 'Debian 12', machine: 'aarch64' });
    assert.deepEqual(robot, {
      kind: 'component',
      id: 'robot_local',
      name: 'Robot.local',
      type: 'Component',
      source: 'runtime',
      description: 'Debian 12 on aarch64',
    });
  });

  it('reads the name of the operating system from os-release', () => {
    assert.equal(
      osNameOf('NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n'),
      'Debian GNU/Linux 12 (bookworm)',
    );
    assert.equal(osNameOf("PRETTY_NAME='Arch Linux'"), 'Arch Linux');
    assert.equal(osNameOf('PRETTY_NAME=Plain'), 'Plain');
    assert.equal(osNameOf('NAME=x'), 'Unknown OS');
    assert.equal(osNameOf(undefined), 'Unknown OS');
  });
});

describe('internal nodes', () => {
  it('are those whose own name begins with an underscore', () => {
    assert.equal(isInternalNode('_ros2cli_12'), true);
    assert.equal(isInternalNode('lidar_'), false);
  });
});
