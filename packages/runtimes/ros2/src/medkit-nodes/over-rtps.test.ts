import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FAULT_MANAGER_ID, FAULT_STATUSES, type Log } from '@medkit/core';
import type { RosMessage } from '@medkit/ros2';
import { FAULTS, faultOptions } from '../testing/memory-fault-manager.ts';
import { patientCall, simulatedRobot } from '../testing/simulated-robot.ts';

test('the nodes of medkit are ordinary nodes: with a name, operations, parameters and a log', async () => {
  const scene = await simulatedRobot();
  const { robot, openGateway, during, until, clock } = scene;
  try {
    let say: Log = () => undefined;
    const model = await openGateway(faultOptions(clock), {
      onGatewayLine: (listener) => {
        say = listener;
        return () => undefined;
      },
    });
    const ros2 = model.provider('ros2')!;
    const call = () => patientCall(scene);
    const all = { statuses: FAULT_STATUSES, includeMuted: true };
    await during(Promise.resolve(model.provider(FAULTS)!.faults!.list(FAULT_MANAGER_ID, all, call())));
    assert.deepEqual(model.tree.all('app'), [], 'the tree is that of the robot');

    const operations = await during(ros2.operations!.list('/fault_manager', call()));
    assert.ok(
      operations.some(({ id }) => id === '/fault_manager/list_faults'),
      JSON.stringify(operations),
    );
    const parameters = await during(ros2.configurations!.list('/fault_manager', call()));
    assert.deepEqual(
      parameters.map(({ name }) => name),
      ['use_sim_time'],
    );
    const request = { type: undefined, parameters: { statuses: [], filter_by_severity: false, severity: 0 } };
    const invoked = await during(
      ros2.operations!.invoke('/fault_manager', '/fault_manager/list_faults', request, call()),
    );
    assert.deepEqual((invoked as { answer: { faults: unknown[] } }).answer.faults, []);

    const messages: RosMessage[] = [];
    const listener = await robot.node({ name: 'listener' });
    await listener.subscribe({
      topic: '/rosout',
      type: 'rcl_interfaces/msg/Log',
      onSample: ({ message }) => message && messages.push(message),
    });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    say('warn', 'the disk is nearly full', traceparent);
    await until(() => messages.length > 0, 'the line is heard');
    assert.deepEqual(
      [messages[0]?.name, messages[0]?.level, messages[0]?.msg],
      ['medkit_gateway', 30, 'the disk is nearly full'],
    );
    const query = { minimum: 'debug', context: '', limit: 10 } as const;
    const scope = { sources: ['/medkit_gateway'], namespaces: [] };
    const lines = await during(Promise.resolve(ros2.logs!.list('/medkit_gateway', scope, query, call())));
    assert.deepEqual(
      lines.map((line) => [line.message, line.traceparent]),
      [['the disk is nearly full', traceparent]],
    );
  } finally {
    await scene.close();
  }
});

test('the gateway has the configured full name', async () => {
  const scene = await simulatedRobot();
  try {
    const named = '/diagnostics/ros2_medkit_gateway';
    const model = await scene.openGateway(undefined, { settings: { node: named } });
    const { configurations } = model.provider('ros2')!;
    const parameters = await scene.during(configurations!.list(named, patientCall(scene)));
    assert.deepEqual(
      parameters.map(({ name }) => name),
      ['use_sim_time'],
    );
    let seen: readonly string[] = [];
    await scene.until(() => {
      void scene.robot.graph().then(({ nodes }) => {
        seen = nodes.map(({ fqn }) => fqn);
      });
      return seen.length > 0;
    }, 'the robot sees a node');
    assert.deepEqual(seen, [named]);
  } finally {
    await scene.close();
  }
});
