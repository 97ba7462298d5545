import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DataProvider, Model } from '@medkit/core';
import type { NetworkConditions } from '@medkit/edges/testing';
import type { RosMessage } from '@medkit/ros2';
import { patientCall, type SimulatedRobot, simulatedRobot } from './testing/simulated-robot.ts';

async function play(scene: (robot: SimulatedRobot) => Promise<void>, conditions?: NetworkConditions): Promise<void> {
  const robot = await simulatedRobot(conditions);
  try {
    await scene(robot);
  } finally {
    await robot.close();
  }
}

const dataOf = (model: Model): DataProvider => model.provider('ros2')!.data!;
const ids = (model: Model) => model.tree.all('app').map(({ id }) => id);

describe('the ROS 2 runtime over RTPS', () => {
  it('shows a node within 300 ms of its start, and drops it when it exits', () =>
    play(async ({ robot, openGateway, until, clock }) => {
      const model = await openGateway();
      await clock.advanceAsync(500);
      const node = await robot.node({ name: 'lidar_driver', namespace: '/sensors' });
      const startMs = clock.monotonicMs();
      await until(() => ids(model).includes('lidar_driver'), 'the node is an app');
      assert.ok(clock.monotonicMs() - startMs < 300, `${clock.monotonicMs() - startMs} ms`);
      assert.deepEqual(model.tree.get('function', 'sensors')?.hosts, ['lidar_driver']);
      await node.close();
      await until(() => ids(model).length === 0, 'the node is gone');
    }));

  it('describes the types that it uses itself, as every node does', () =>
    play(async ({ robot, openGateway, clock }) => {
      await openGateway();
      await clock.advanceAsync(500);
      const { endpoints } = await robot.graph();
      const offered = endpoints.filter(({ role, node }) => role === 'service' && node === '/medkit_gateway');
      const names = new Set(offered.map(({ name }) => name));
      assert.ok(names.has('/medkit_gateway/get_type_description'));
      assert.equal(names.size, 7, 'and its parameters, as every node has');
    }));

  it('reads new samples, and those published before it started', () =>
    play(async (scene) => {
      const { robot, openGateway, until, during, clock } = scene;
      const node = await robot.node({ name: 'base' });
      const latched = await node.publisher('/map_name', 'std_msgs/msg/String', { durability: 'transient_local' });
      await latched.publish({ data: 'hall 3' });
      const counter = await node.publisher('/count', 'std_msgs/msg/UInt64', { reliability: 'best_effort' });
      const ticking = clock.every(10, () => void counter.publish({ data: 18_446_744_073_709_551_615n }));
      const model = await openGateway();
      await until(() => ids(model).includes('base'), 'the node is an app');
      await clock.advanceAsync(100);
      const read = (topic: string) => during(dataOf(model).read('/base', topic, patientCall(scene)));
      assert.deepEqual((await read('/map_name')).value, { data: 'hall 3' });
      assert.deepEqual((await read('count')).value, { data: 18_446_744_073_709_551_615n });
      ticking.cancel();
    }));

  for (const reliability of ['reliable', 'best_effort'] as const) {
    const conditions = reliability === 'reliable' ? { loss: 0.1, latencyMs: 1 } : { latencyMs: 1 };
    it(`is received by a ${reliability} subscription`, () =>
      play(async (scene) => {
        const { robot, openGateway, until, during, clock } = scene;
        const node = await robot.node({ name: 'base' });
        const received: (RosMessage | undefined)[] = [];
        await node.subscribe({
          topic: '/cmd_vel',
          type: 'geometry_msgs/msg/Twist',
          qos: { reliability },
          onSample: ({ message }) => received.push(message),
        });
        const model = await openGateway();
        await until(() => ids(model).includes('base'), 'the node is an app');
        await clock.advanceAsync(300);
        const write = { type: 'geometry_msgs/msg/Twist', value: { linear: { x: 0.25 } } };
        const written = await during(dataOf(model).write('/base', '/cmd_vel', write, patientCall(scene)));
        assert.equal(written.warnings, undefined);
        await until(() => received.length > 0, 'the message is there');
        assert.deepEqual(received, [{ linear: { x: 0.25, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0 } }]);
      }, conditions));
  }

  it('names the field that does not match a type', () =>
    play(async (scene) => {
      const node = await scene.robot.node({ name: 'base' });
      await node.subscribe({ topic: '/cmd_vel', type: 'geometry_msgs/msg/Twist', onSample: () => undefined });
      const model = await scene.openGateway();
      await scene.until(() => ids(model).includes('base'), 'the node is an app');
      await scene.clock.advanceAsync(300);
      const write = { type: 'geometry_msgs/msg/Twist', value: { linear: { x: 'fast' } } };
      await assert.rejects(
        scene.during(dataOf(model).write('/base', '/cmd_vel', write, patientCall(scene))),
        ({ parameters }: { parameters: Record<string, unknown> }) => /linear\.x/.test(String(parameters['details'])),
      );
    }));
});
