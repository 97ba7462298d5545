import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rosEndpoint } from '../testing/fake-ros.ts';
import { operationsAmong } from './ros-operation.ts';

function operations(services: Readonly<Record<string, string>>): unknown[] {
  const endpoints = Object.entries(services).map(
    ([name, type]) => [name, rosEndpoint({ gid: name, role: 'service', name, type })] as const,
  );
  return [...operationsAmong(new Map(endpoints)).values()].map(({ kind, name, type }) => [kind, name, type]);
}

test('the services behind other resources are no operations', () => {
  assert.deepEqual(
    operations({
      '/n/get_parameters': 'rcl_interfaces/srv/GetParameters',
      '/n/set_parameters': 'rcl_interfaces/srv/SetParameters',
      '/n/list_parameters': 'rcl_interfaces/srv/ListParameters',
      '/n/describe_parameters': 'rcl_interfaces/srv/DescribeParameters',
      '/n/get_parameter_types': 'rcl_interfaces/srv/GetParameterTypes',
      '/n/set_parameters_atomically': 'rcl_interfaces/srv/SetParametersAtomically',
      '/n/get_type_description': 'type_description_interfaces/srv/GetTypeDescription',
      '/n/change_state': 'lifecycle_msgs/srv/ChangeState',
      '/n/get_available_transitions': 'lifecycle_msgs/srv/GetAvailableTransitions',
      '/fault_manager/report_fault': 'ros2_medkit_msgs/srv/ReportFault',
      '/fault_manager/clear_fault': 'ros2_medkit_msgs/srv/ClearFault',
      '/spin/_action/cancel_goal': 'action_msgs/srv/CancelGoal',
      '/spin/_action/get_result': 'nav2_msgs/action/Spin_GetResult',
    }),
    [],
  );
});

test('a service of a user is an operation, whatever its name', () => {
  assert.deepEqual(
    operations({
      '/n/get_parameters_backup': 'std_srvs/srv/Trigger',
      '/n/change_state': 'my_pkg/srv/ChangeState',
      '/n/set_logger_levels': 'rcl_interfaces/srv/SetLoggerLevels',
      '/fault_manager/list_faults': 'ros2_medkit_msgs/srv/ListFaults',
    }).length,
    4,
  );
});

test('an action shows in the service that accepts its goals; a service of the same name hides it', () => {
  assert.deepEqual(
    operations({
      '/spin/_action/send_goal': 'nav2_msgs/action/Spin_SendGoal',
      '/back_up/_action/send_goal': 'nav2_msgs/action/BackUp_SendGoal',
      '/back_up': 'std_srvs/srv/Trigger',
    }),
    [
      ['service', '/back_up', 'std_srvs/srv/Trigger'],
      ['action', '/spin', 'nav2_msgs/action/Spin'],
    ],
  );
});
