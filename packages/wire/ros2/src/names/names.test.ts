import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvalidName } from '../errors.ts';
import { fullyQualifiedName, isFullName, isInternalNode, nodeNames, resolveTopicName } from './graph-names.ts';
import { ddsTopicName, parseDdsTopicName } from './topic-names.ts';
import { ddsTypeName, formatTypeName, interfaceOf, requireTypeName, rosTypeName, serviceTypeOf } from './type-names.ts';

describe('topic names', () => {
  for (const [dds, kind, name] of [
    ['rt/scan', 'topic', '/scan'],
    ['rt/robot/_action/feedback', 'topic', '/robot/_action/feedback'],
    ['rq/addRequest', 'request', '/add'],
    ['rr/ns/addReply', 'reply', '/ns/add'],
    ['rq/RequestRequest', 'request', '/Request'],
  ] as const) {
    it(`maps ${dds} both ways`, () => {
      assert.deepEqual(parseDdsTopicName(dds), { kind, name });
      assert.equal(ddsTopicName({ kind, name }), dds);
    });
  }

  it('leaves out DDS topics that do not belong to ROS', () => {
    for (const dds of ['ros_discovery_info', 'scan', 'rt', 'rt/', 'rtx/scan', 'rq/add', 'rq/Request', 'rr/Reply', '']) {
      assert.equal(parseDdsTopicName(dds), undefined, dds);
    }
  });
});

describe('type names', () => {
  for (const [ros, dds] of [
    ['sensor_msgs/msg/LaserScan', 'sensor_msgs::msg::dds_::LaserScan_'],
    ['std_srvs/srv/Trigger_Request', 'std_srvs::srv::dds_::Trigger_Request_'],
    [
      'nav2_msgs/action/NavigateToPose_GetResult_Response',
      'nav2_msgs::action::dds_::NavigateToPose_GetResult_Response_',
    ],
  ]) {
    it(`mangles ${ros} both ways`, () => {
      assert.equal(ddsTypeName(ros), dds);
      assert.equal(rosTypeName(dds), ros);
    });
  }

  it('leaves the type name of a DDS application unchanged', () => {
    assert.equal(rosTypeName('HelloWorldData::Msg'), 'HelloWorldData::Msg');
  });

  it('refuses an invalid type name', () => {
    for (const text of ['LaserScan', 'sensor_msgs/LaserScan', 'a/msg/b/c', 'a/idl/B', '../msg/B', 'a/msg/B\n', '']) {
      assert.throws(() => ddsTypeName(text), InvalidName, text);
    }
  });

  it('knows the interface file of a derived type', () => {
    for (const [derived, base] of [
      ['a/srv/Add_Request', 'a/srv/Add'],
      ['a/action/Spin_SendGoal_Request', 'a/action/Spin'],
      ['a/msg/Old_Style', 'a/msg/Old_Style'],
    ]) {
      assert.equal(formatTypeName(interfaceOf(requireTypeName(derived))), base);
    }
    assert.equal(serviceTypeOf('a/action/Spin_SendGoal_Response'), 'a/action/Spin_SendGoal');
  });
});

describe('graph names', () => {
  it('joins namespace and name', () => {
    assert.equal(fullyQualifiedName('/', 'talker'), '/talker');
    assert.equal(fullyQualifiedName('/a/b', 'talker'), '/a/b/talker');
  });

  it('recognises internal nodes by an underscore at the start of their name', () => {
    assert.equal(isInternalNode('_ros2cli_12'), true);
    assert.equal(isInternalNode('lidar_'), false);
  });

  it('resolves topics as rcl does', () => {
    const node = nodeNames({ namespace: '/robot', name: 'lidar' });
    assert.equal(resolveTopicName('/scan', node), '/scan');
    assert.equal(resolveTopicName('scan', node), '/robot/scan');
    assert.equal(resolveTopicName('~/scan', node), '/robot/lidar/scan');
  });

  it('refuses names that ROS refuses', () => {
    for (const name of ['', '1st', 'a-b', 'a/b', 'ä', 'x'.repeat(256)]) {
      assert.throws(() => nodeNames({ name }), InvalidName, name);
    }
    for (const namespace of ['a', '/a/', '//', '/1']) {
      assert.throws(() => nodeNames({ name: 'n', namespace }), InvalidName, namespace);
    }
    for (const topic of ['/', '', '/a//b', '/a/1', '/a b', '/a/', '/a\n']) assert.ok(!isFullName(topic), topic);
    assert.throws(() => resolveTopicName('~scan', nodeNames({ name: 'n' })), InvalidName);
  });
});
