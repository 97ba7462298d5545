import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hostComponent, hostId, osNameOf } from './host-component.ts';
import { isInternalNode } from './internal-node.ts';
import { namespaceFunctions } from './namespace-functions.ts';

describe('functions from namespaces', () => {
  it('group apps by the first segment, the root namespace as root', () => {
    const functions = namespaceFunctions([
      { id: 'lidar', namespace: '/sensors/front' },
      { id: 'base', namespace: '/' },
      { id: 'camera', namespace: '/sensors' },
    ]);
    assert.deepEqual(
      functions.map(({ id, hosts }) => [id, hosts]),
      [
        ['root', ['base']],
        ['sensors', ['camera', 'lidar']],
      ],
    );
  });

  it('are none without apps', () => {
    assert.deepEqual(namespaceFunctions([]), []);
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
