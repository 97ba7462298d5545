import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryFiles } from '@medkit/edges/testing';
import type { RosAdapter, TopicSample } from '../adapter/adapter.ts';
import type { ServiceHandler } from '../adapter/service.ts';
import type { RosAdapterOptions } from '../local-adapter/open-ros-adapter.ts';
import { type Stage, stageOn } from '../testing/contract-scene.ts';
import { simulatedGraph } from '../testing/simulated-graph.ts';
import type { RosMessage } from '../types/message.ts';
import { GET_TYPE_DESCRIPTION } from './get-type-description.ts';

const GRIP = 'arm_msgs/msg/Grip';
const FILES: Readonly<Record<string, string>> = {
  '/robot/arm_msgs/msg/Grip.msg': 'std_msgs/Header header\nFinger[<=3] fingers\nfloat64 force 1.5',
  '/robot/arm_msgs/msg/Finger.msg': 'string<=20 name\nbool closed',
  '/robot/arm_msgs/srv/Squeeze.srv': 'float64 force\n---\nbool held',
};

interface Scene extends Stage {
  /** Has the definitions of the messages that it publishes. */
  readonly robot: RosAdapter;
  readonly medkit: RosAdapter;
}

async function play(scene: (scene: Scene) => Promise<void>, options: Partial<RosAdapterOptions> = {}): Promise<void> {
  const graph = simulatedGraph();
  try {
    const robot = await graph.join({ files: new MemoryFiles(FILES), typeFolders: ['/robot'] });
    await scene({ ...stageOn(graph), robot, medkit: await graph.join(options) });
  } finally {
    await graph.close();
  }
}

/** A robot that publishes a custom type and describes types as specified. */
async function publishGrip(robot: RosAdapter, describeTypes: 'truly' | ServiceHandler | undefined) {
  const node = await robot.node({ namespace: '/arm', name: 'gripper', typeDescriptions: describeTypes === 'truly' });
  if (typeof describeTypes === 'function')
    await node.service('~/get_type_description', GET_TYPE_DESCRIPTION, describeTypes);
  return node.publisher('/grip', GRIP);
}

const seesGrip = (medkit: RosAdapter, endpoints: number) => async () => {
  const owned = (await medkit.graph()).endpoints.filter(({ node }) => node === '/arm/gripper');
  return owned.length === endpoints;
};

describe('types without a definition on this machine', () => {
  it('are described by the nodes that use them', () =>
    play(async ({ robot, medkit, until, passing }) => {
      const publisher = await publishGrip(robot, 'truly');
      const node = await medkit.node({ name: 'medkit' });
      await until(seesGrip(medkit, 3), 'the gripper is seen');
      const description = await passing(medkit.describeType(GRIP));
      assert.equal(description?.source, 'described by /arm/gripper');
      assert.equal(description.hash, (await robot.describeType(GRIP))?.hash);
      const samples: TopicSample[] = [];
      await node.subscribe({ topic: '/grip', qos: {}, onSample: (sample) => void samples.push(sample) });
      await until(async () => (await publisher.matched()) === 1, 'the subscription matches');
      await publisher.publish({ fingers: [{ name: 'thumb', closed: true }], force: 2 });
      await until(() => samples.length === 1, 'the message arrives');
      const { fingers, force } = samples[0].message ?? {};
      assert.deepEqual([fingers, force], [[{ name: 'thumb', closed: true }], 2]);
      const { endpoints } = await robot.graph();
      const clients = endpoints.filter(({ role, name }) => role === 'client' && name.endsWith('get_type_description'));
      assert.deepEqual(clients, [], 'nothing is left of the question');
    }));

  it('are unknown in the facts until they are described', () =>
    play(async ({ robot, medkit, until }) => {
      await publishGrip(robot, 'truly');
      await medkit.node({ name: 'medkit' });
      await until(seesGrip(medkit, 3), 'the gripper is seen');
      assert.deepEqual((await medkit.facts()).unknownTypes, [GRIP]);
      await until(async () => (await medkit.facts()).unknownTypes.length === 0, 'it is described meanwhile');
    }));

  it('are described for services too, by the nodes that know their messages', () =>
    play(async ({ robot, medkit, until, passing }) => {
      const arm = await robot.node({ namespace: '/arm', name: 'gripper', typeDescriptions: true });
      await arm.service('squeeze', 'arm_msgs/srv/Squeeze', ({ force }) => ({ held: force === 3 }));
      const node = await medkit.node({ name: 'medkit' });
      await until(seesGrip(medkit, 4), 'the gripper is seen');
      const client = await passing(node.client('/arm/squeeze'));
      assert.deepEqual(await passing(client.call({ force: 3 }, { timeoutMs: 3000 })), { held: true });
    }));

  it('stay unknown if no local node can ask, and if no node describes them', () =>
    play(async ({ robot, medkit, until, passing }) => {
      await publishGrip(robot, undefined);
      await until(seesGrip(medkit, 1), 'the gripper is seen');
      assert.equal(await passing(medkit.describeType(GRIP)), undefined);
      await medkit.node({ name: 'medkit' });
      assert.equal(await passing(medkit.describeType(GRIP)), undefined);
    }));

  for (const [what, handler, dropped] of [
    ['does not know it', () => ({ successful: false }), undefined],
    ['describes another type', () => ({ successful: true, type_description: lie('arm_msgs/msg/Other') }), 'malformed'],
    ['sends a wrong description', () => ({ successful: true, type_description: lie(GRIP) }), 'malformed'],
    ['sends a malformed response', () => ({ successful: true }), 'malformed'],
    ['does not answer', () => new Promise<RosMessage>(() => undefined), 'unanswered'],
  ] as const satisfies readonly (readonly [string, ServiceHandler, string | undefined])[]) {
    it(`stay unknown if the node ${what}`, () =>
      play(async ({ robot, medkit, until, passing }) => {
        let calls = 0;
        await publishGrip(robot, (request) => {
          calls++;
          assert.equal(request.type_name, GRIP);
          return handler();
        });
        await medkit.node({ name: 'medkit' });
        await until(seesGrip(medkit, 3), 'the gripper is seen');
        assert.equal(await passing(medkit.describeType(GRIP)), undefined);
        assert.equal(await passing(medkit.describeType(GRIP)), undefined);
        assert.equal(calls, 1, 'it is asked once');
        const { dropped: counts } = await medkit.facts();
        assert.deepEqual(
          [counts['malformed-type-description'], counts['unanswered-type-question']],
          [dropped === 'malformed' ? 1 : undefined, dropped === 'unanswered' ? 1 : undefined],
        );
      }));
  }

  it('do not prevent an adapter from closing', () =>
    play(async ({ robot, medkit, until, passing }) => {
      await publishGrip(robot, () => new Promise<RosMessage>(() => undefined));
      await medkit.node({ name: 'medkit' });
      await until(seesGrip(medkit, 3), 'the gripper is seen');
      const asking = medkit.describeType(GRIP);
      await passing(medkit.close());
      assert.equal(await passing(asking), undefined);
    }));
});

const lie = (name: string): RosMessage => ({
  type_description: { type_name: name, fields: [{ name: 'force', type: { type_id: 11 } }] },
  referenced_type_descriptions: [],
});
