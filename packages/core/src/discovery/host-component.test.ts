import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hostComponent, hostId, osNameOf } from './host-component.ts';

describe('host component', () => {
  it('has the host name as id, in valid characters', () => {
    assert.equal(hostId('Dev.Machine 01-A!'), 'dev_machine_01-a');
    assert.equal(hostId('my@host!name#1'), 'myhostname1');
    assert.equal(hostId(''), 'unknown_host');
    assert.equal(hostId('@#$%'), 'unknown_host');
    assert.equal(hostId('h'.repeat(300)).length, 256);
  });

  it('describes the machine and its operating system', () => {
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
