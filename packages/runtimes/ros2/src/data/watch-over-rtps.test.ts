import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DataSample, DataWatch } from '@medkit/core';
import type { Publisher } from '@medkit/ros2';
import { patientCall, type SimulatedRobot, simulatedRobot } from '../testing/simulated-robot.ts';

const STRING = 'std_msgs/msg/String';

/** Runs a robot with a gateway and records the samples that a watch delivers. */
async function play(
  scene: (
    robot: SimulatedRobot,
    watch: (topic: string, samples: DataSample[], node?: string) => Promise<DataWatch>,
  ) => Promise<void>,
): Promise<void> {
  const robot = await simulatedRobot({ latencyMs: 0.5, loss: 0.05 });
  try {
    const model = await robot.openGateway();
    const { watch } = model.provider('ros2')!.data!;
    await scene(robot, (topic, samples, node = '/base') =>
      robot.during(watch!(node, topic, (sample) => void samples.push(sample), patientCall(robot))),
    );
  } finally {
    await robot.close();
  }
}

/** Waits until this many subscriptions are matched with a publisher. */
async function untilMatched({ until, clock }: SimulatedRobot, publisher: Publisher, count: number): Promise<void> {
  let matched = -1;
  const asking = clock.every(1, () => void publisher.matched().then((now) => (matched = now)));
  await until(() => matched === count, `${count} subscriptions match`);
  asking.cancel();
}

const numbers = (samples: readonly DataSample[]) =>
  samples.map(({ value }) => Number((value as { data: unknown }).data));

describe('a topic that is watched over RTPS', () => {
  it('arrives complete and in order although datagrams are lost, through one subscription for all', () =>
    play(async (scene, watch) => {
      const node = await scene.robot.node({ name: 'base' });
      const counter = await node.publisher('/count', STRING, { depth: 1000 });
      const [first, second]: [DataSample[], DataSample[]] = [[], []];
      await watch('count', first);
      await watch('/count', second);
      await untilMatched(scene, counter, 1);
      for (let n = 0; n < 200; n++) {
        await counter.publish({ data: `${n}` });
        await scene.clock.advanceAsync(2);
      }
      await scene.until(() => first.length === 200, 'all samples are told');
      assert.deepEqual(
        numbers(first),
        Array.from({ length: 200 }, (_, n) => n),
      );
      assert.deepEqual(second, first);
    }));

  it('has for each node the type and QoS of that node, while publishers of one topic differ in both', () =>
    play(async (scene, watch) => {
      const { robot, until } = scene;
      const [base, arm] = [await robot.node({ name: 'base' }), await robot.node({ name: 'arm' })];
      const text = await base.publisher('/load', STRING, { durability: 'transient_local', depth: 1 });
      const best = { reliability: 'best_effort' } as const;
      const floats = await Promise.all([1, 2].map(() => arm.publisher('/load', 'std_msgs/msg/Float32', best)));
      await text.publish({ data: '24' });
      const [ofBase, ofArm]: [DataSample[], DataSample[]] = [[], []];
      await scene.clock.advanceAsync(1000);
      await watch('/load', ofBase, '/base');
      await watch('/load', ofArm, '/arm');
      for (const float of floats) await untilMatched(scene, float, 1);
      const ticking = scene.clock.every(20, () => floats.forEach((float) => void float.publish({ data: 23 })));
      await until(() => ofArm.length > 2 && ofBase.length > 0, 'each node has its value');
      ticking.cancel();
      assert.deepEqual(
        [ofBase, ofArm].map((samples) => [
          ...new Set(samples.map(({ type, value }) => `${type} ${JSON.stringify(value)}`)),
        ]),
        [['std_msgs/msg/String {"data":"24"}'], ['std_msgs/msg/Float32 {"data":23}']],
      );
    }));

  it('is waited for, followed to a publisher that offers less, to its restart and to another type, and released', () =>
    play(async (scene, watch) => {
      const { robot, until } = scene;
      const samples: DataSample[] = [];
      const watching = await watch('/voltage', samples);
      const node = await robot.node({ name: 'base' });
      const text = await node.publisher('/voltage', STRING, { durability: 'transient_local', depth: 1 });
      await text.publish({ data: '24' });
      await until(() => samples.length === 1, 'what is kept arrives');
      const lesser = await node.publisher('/voltage', STRING, { reliability: 'best_effort' });
      await untilMatched(scene, lesser, 1);
      await scene.clock.advanceAsync(100);
      assert.deepEqual(numbers(samples), [24]);
      const ticking = scene.clock.every(20, () => void lesser.publish({ data: '23' }));
      await until(() => samples.length > 1, 'the lesser one is heard');
      ticking.cancel();
      for (const publisher of [text, lesser]) await publisher.close();
      const count = samples.length;
      const float = await node.publisher('/voltage', 'std_msgs/msg/Float32');
      await untilMatched(scene, float, 1);
      await float.publish({ data: 22.5 });
      await until(() => samples.length > count, 'the other type is heard');
      const { value, type } = samples.at(-1)!;
      assert.deepEqual([value, type], [{ data: 22.5 }, 'std_msgs/msg/Float32']);
      await watching.close();
      await untilMatched(scene, float, 0);
    }));
});
