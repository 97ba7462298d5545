import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RosEndpoint } from '../graph.ts';
import { DEFAULT_PROFILE } from '../qos/profiles.ts';
import { actionEndpoints } from './action-endpoints.ts';
import { actionsIn, isActionInternal } from './actions-in-graph.ts';

const endpoint = (role: RosEndpoint['role'], name: string, type: string): RosEndpoint => ({
  gid: `${role} ${name}`,
  role,
  name,
  type,
  typeHash: undefined,
  node: '/node',
  participant: 'p',
  qos: DEFAULT_PROFILE,
});

const server = (action: string, type: string): readonly RosEndpoint[] => {
  const { feedback, status, ...services } = actionEndpoints(action, type);
  return [
    ...Object.values(services).flatMap((service) => [
      endpoint('service', service.name, service.type),
      endpoint('service', service.name, service.type),
    ]),
    ...[feedback, status].map((topic) => endpoint('publisher', topic.name, topic.type)),
  ];
};

test('the actions of a node are found in its endpoints, sorted by name', () => {
  const endpoints = [
    endpoint('service', '/nav/get_parameters', 'rcl_interfaces/srv/GetParameters'),
    ...server('/nav/spin', 'nav2_msgs/action/Spin'),
    ...server('/fibonacci', 'example_interfaces/action/Fibonacci'),
  ];
  assert.deepEqual(actionsIn(endpoints), [
    { action: '/fibonacci', type: 'example_interfaces/action/Fibonacci' },
    { action: '/nav/spin', type: 'nav2_msgs/action/Spin' },
  ]);
});

test('a client of an action, and an incomplete server, offers none', () => {
  assert.deepEqual(
    actionsIn([
      endpoint('client', '/spin/_action/send_goal', 'nav2_msgs/action/Spin_SendGoal'),
      endpoint('subscription', '/spin/_action/feedback', 'nav2_msgs/action/Spin_FeedbackMessage'),
      endpoint('service', '/spin/_action/send_goal', 'std_srvs/srv/Trigger'),
      endpoint('service', '/_action/send_goal', 'nav2_msgs/action/Spin_SendGoal'),
      endpoint('service', '/spin/_action/send_goal', 'nav2_msgs/srv/Spin_SendGoal'),
      endpoint('service', '/spin/_action/get_result', 'nav2_msgs/action/Spin_GetResult'),
    ]),
    [],
  );
});

test('the topics and services of an action are distinguished from ordinary ones', () => {
  for (const { name } of server('/nav/spin', 'nav2_msgs/action/Spin')) assert.equal(isActionInternal(name), true, name);
  assert.equal(isActionInternal('/spin/_action/send_goal/_service_event'), true);
  for (const name of ['/spin', '/take_action/send_goal', '/x_action/feedback'])
    assert.equal(isActionInternal(name), false);
});
