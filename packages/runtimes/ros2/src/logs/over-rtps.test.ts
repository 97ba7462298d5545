import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogAdded } from '@medkit/core';
import type { Publisher, QosProfile } from '@medkit/ros2';
import { patientCall, simulatedRobot } from '../testing/simulated-robot.ts';

/** rcl's profile of /rosout. */
const ROSOUT_QOS: Partial<QosProfile> = { durability: 'transient_local', depth: 1000, lifespanMs: 10_000 };

test('lines from before the start of the gateway are present, each once even if another node triggers another request', async () => {
  const scene = await simulatedRobot({ latencyMs: 0.5, loss: 0.05 });
  const { robot, openGateway, until, during, clock } = scene;
  try {
    const log = (publisher: Publisher, name: string, msg: string) =>
      publisher.publish({ stamp: { sec: 1, nanosec: 2 }, level: 40, name, msg });
    const node = await robot.node({ name: 'gripper', namespace: '/arm' });
    const rosout = await node.publisher('/rosout', 'rcl_interfaces/msg/Log', ROSOUT_QOS);
    await log(rosout, 'arm.gripper', 'before');

    const model = await openGateway();
    const added: LogAdded[] = [];
    model.events.on('log.added', (event) => added.push(event));
    const messages = async () => {
      const query = { minimum: 'debug', context: '', limit: 100 } as const;
      const { logs } = model.provider('ros2')!;
      const list = logs!.list('/arm/gripper', { sources: ['/arm/gripper'], namespaces: [] }, query, patientCall(scene));
      return (await during(Promise.resolve(list))).map(({ message }) => message);
    };
    await until(() => added.length === 1, 'the line from before has come');
    await log(rosout, 'arm.gripper', 'after');
    await until(() => added.length === 2, 'the next line has come');
    assert.deepEqual(added[1]?.entry.timestampNs, 1_000_000_002n);

    // A volatile publisher forces the subscription to lower its request, and to raise it again later.
    const micro = await robot.node({ name: 'micro' });
    const volatile = await micro.publisher('/rosout', 'rcl_interfaces/msg/Log', { reliability: 'best_effort' });
    await until(() => model.tree.all('app').length === 2, 'the other node is there');
    await clock.advanceAsync(500);
    await log(volatile, 'micro', 'of another kind');
    await until(() => added.some(({ entry }) => entry.logger === 'micro'), 'the other node is heard');
    await micro.close();
    const third = await robot.node({ name: 'third' });
    await third.publisher('/rosout', 'rcl_interfaces/msg/Log', ROSOUT_QOS);
    await clock.advanceAsync(1000);
    await log(rosout, 'arm.gripper', 'last');
    await until(() => added.at(-1)?.entry.message === 'last', 'the last line has come');
    assert.deepEqual(await messages(), ['before', 'after', 'last']);
  } finally {
    await scene.close();
  }
});
