import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EvidenceSources, TapSample } from '@medkit/faults';
import type { Publisher } from '@medkit/ros2';
import { faultOptions } from '../testing/memory-fault-manager.ts';
import { type SimulatedRobot, simulatedRobot } from '../testing/simulated-robot.ts';

const STRING = 'std_msgs/msg/String';
const LATCHED = { durability: 'transient_local', depth: 2 } as const;

/** Runs a robot with a gateway and passes the scene the evidence sources of the fault manager. */
async function play(scene: (robot: SimulatedRobot, sources: EvidenceSources) => Promise<void>): Promise<void> {
  const robot = await simulatedRobot({ latencyMs: 0.5, loss: 0.02 });
  try {
    let sources: EvidenceSources | undefined;
    const onOpen = (opened: EvidenceSources) => {
      sources = opened;
    };
    await robot.openGateway(faultOptions(robot.clock, {}, { onOpen }));
    assert.ok(sources);
    await scene(robot, sources);
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

describe('evidence over RTPS', () => {
  it("has a tap that receives a publisher's stored and later samples, once each, and its description after the publisher has exited", () =>
    play(async (scene, { taps, sampler }) => {
      const { robot, until } = scene;
      const node = await robot.node({ name: 'mapper' });
      const map = await node.publisher('/map', STRING, LATCHED);
      for (const data of ['old', 'one', 'two']) await map.publish({ data });
      await until(
        () => taps.topicsOf('/mapper')?.some((topic) => topic.endsWith(' /map')) === true,
        'the node is known',
      );
      const samples: TapSample[] = [];
      const tap = taps.tap(
        { name: '/map', type: STRING },
        { matchQos: true, onSample: (sample) => samples.push(sample) },
      );
      await until(() => samples.length === 2, 'what is kept arrives');
      assert.equal(tap.latchedDepth(), 2);
      const lesser = await node.publisher('/map', STRING, { reliability: 'best_effort' });
      await untilMatched(scene, lesser, 1);
      assert.equal(tap.latchedDepth(), 0);
      await lesser.close();
      await until(() => tap.latchedDepth() === 2, 'it is latched again');
      await untilMatched(scene, map, 1);
      await map.publish({ data: 'three' });
      await until(() => samples.length === 3, 'the next one arrives');
      const contents = await Promise.all(samples.map(({ octets }) => sampler.decode(STRING, octets)));
      assert.deepEqual(contents, [{ data: 'one' }, { data: 'two' }, { data: 'three' }]);
      await node.close();
      await until(() => taps.topics().length === 0, 'it is gone');
      const { definition, typeHash, offeredQos } = await tap.describe();
      assert.equal(definition, 'string data\n');
      assert.equal(typeHash, (await robot.describeType(STRING))?.hash);
      assert.deepEqual(
        offeredQos.map(({ durability, depth }) => [durability, depth]),
        [['transient_local', 2]],
      );
    }));

  it('leaves no subscription behind after samples and taps', () =>
    play(async (scene, { taps, sampler }) => {
      const { robot, until, during } = scene;
      const talker = await (await robot.node({ name: 'talker' })).publisher('/chatter', STRING, LATCHED);
      await talker.publish({ data: 'x' });
      await until(() => taps.topics().length === 1, 'the topic is known');
      const optionsOf = (timeoutMs: number) => ({ timeoutMs, signal: new AbortController().signal });
      for (let round = 0; round < 5; round++) {
        const [held, late] = await during(
          Promise.all([sampler.sample('/chatter', optionsOf(2000)), sampler.sample('/chatter', optionsOf(0))]),
        );
        assert.equal(held?.samples.length, 1);
        assert.deepEqual(await sampler.decode(STRING, held.samples[0].octets), { data: 'x' });
        assert.equal(late, undefined);
        taps.tap({ name: '/chatter', type: STRING }, { matchQos: true, onSample: () => undefined }).close();
      }
      await untilMatched(scene, talker, 0);
    }));
});
