import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvalidEnvironment, readEnvironment } from './environment.ts';

describe('the ROS environment', () => {
  it('joins domain 0 by multicast on every interface when nothing is set', () => {
    assert.deepEqual(readEnvironment({}), {
      domainId: 0,
      discoveryRange: 'SUBNET',
      multicast: true,
      interfaces: undefined,
      peers: [],
      peerNames: [],
      shareFolders: [],
      unsupported: [],
    });
  });

  it('takes the domain id, and refuses one without ports', () => {
    for (const [text, domainId] of [
      ['', 0],
      ['42', 42],
      ['0x10', 16],
      ['232', 232],
    ] as const) {
      assert.equal(readEnvironment({ ROS_DOMAIN_ID: text }).domainId, domainId);
    }
    for (const text of ['abc', '-1', '233', '1.5', '1e2', ' 1', 'Infinity', '99999999999999999999']) {
      assert.throws(() => readEnvironment({ ROS_DOMAIN_ID: text }), InvalidEnvironment, text);
    }
  });

  it('stays on loopback with unicast under LOCALHOST', () => {
    const { multicast, interfaces, peers } = readEnvironment({ ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' });
    assert.deepEqual(
      { multicast, interfaces, peers },
      { multicast: false, interfaces: ['127.0.0.1'], peers: ['127.0.0.1'] },
    );
  });

  it('leaves loopback under LOCALHOST only for a static peer elsewhere', () => {
    const { multicast, interfaces, peers, peerNames } = readEnvironment({
      ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST',
      ROS_STATIC_PEERS: '10.0.0.7; robot-2.local;;10.0.0.7;127.0.0.1',
    });
    assert.equal(multicast, false);
    assert.equal(interfaces, undefined);
    assert.deepEqual(peers, ['127.0.0.1', '10.0.0.7']);
    assert.deepEqual(peerNames, ['robot-2.local']);
  });

  it('lets ROS_LOCALHOST_ONLY win over range and peers, as rcl does', () => {
    const { discoveryRange, peers, unsupported } = readEnvironment({
      ROS_LOCALHOST_ONLY: '1',
      ROS_AUTOMATIC_DISCOVERY_RANGE: 'SUBNET',
      ROS_STATIC_PEERS: '10.0.0.7',
    });
    assert.equal(discoveryRange, 'LOCALHOST');
    assert.deepEqual(peers, ['127.0.0.1']);
    assert.equal(unsupported.length, 1);
    assert.equal(readEnvironment({ ROS_LOCALHOST_ONLY: '0' }).discoveryRange, 'SUBNET');
  });

  it('finds and announces nothing under OFF', () => {
    const { multicast, interfaces, peers } = readEnvironment({
      ROS_AUTOMATIC_DISCOVERY_RANGE: 'OFF',
      ROS_STATIC_PEERS: '10.0.0.7',
    });
    assert.deepEqual({ multicast, interfaces, peers }, { multicast: false, interfaces: ['127.0.0.1'], peers: [] });
  });

  it('falls back to LOCALHOST for an unknown range, and logs that', () => {
    const { discoveryRange, unsupported } = readEnvironment({ ROS_AUTOMATIC_DISCOVERY_RANGE: 'subnet' });
    assert.equal(discoveryRange, 'LOCALHOST');
    assert.match(unsupported[0], /subnet/);
  });

  it('bounds the peers and leaves out invalid hosts', () => {
    const many = Array.from({ length: 80 }, (_, index) => `10.0.0.${index}`).join(';');
    assert.equal(readEnvironment({ ROS_STATIC_PEERS: many }).peers.length, 64);
    const { peers, peerNames, unsupported } = readEnvironment({ ROS_STATIC_PEERS: `fe80::1;a b;${'x'.repeat(300)}` });
    assert.deepEqual([...peers, ...peerNames], []);
    assert.equal(unsupported.length, 3);
  });

  it('has one sentence for each setting that medkit does not support', () => {
    const { unsupported } = readEnvironment({
      RMW_IMPLEMENTATION: 'rmw_zenoh_cpp',
      ROS_DISCOVERY_SERVER: '10.0.0.1:11811',
      ROS_SECURITY_ENABLE: 'true',
    });
    assert.deepEqual(
      unsupported.map((sentence) => sentence.split(' ')[0]),
      ['RMW_IMPLEMENTATION', 'ROS_DISCOVERY_SERVER', 'ROS_SECURITY_ENABLE'],
    );
    assert.deepEqual(readEnvironment({ RMW_IMPLEMENTATION: 'rmw_fastrtps_cpp' }).unsupported, []);
  });

  it('finds the share folders of AMENT_PREFIX_PATH', () => {
    assert.deepEqual(
      readEnvironment({ AMENT_PREFIX_PATH: '/home/me/ws/install/pkg:/opt/ros/jazzy/::rel' }).shareFolders,
      ['/home/me/ws/install/pkg/share', '/opt/ros/jazzy/share'],
    );
  });
});
