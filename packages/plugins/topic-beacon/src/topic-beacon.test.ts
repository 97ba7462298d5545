import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EntityLists } from '@medkit/core';
import { app } from '@medkit/core/testing';
import { checkedOptions, eventHooks, type PluginContext, type RosAccess } from '@medkit/plugin';
import { simulatedGraph } from '@medkit/ros2/testing';
import { HINT_TYPE } from './hint-message.ts';
import { Options } from './options.ts';
import { topicBeacon } from './topic-beacon.ts';

const TOPIC = '/ros2_medkit/discovery';

/** Runs the plugin on one host of a simulated network and a robot on the other. */
async function scene(raw: Readonly<Record<string, unknown>> = {}) {
  const graph = simulatedGraph({ seed: 7, conditions: { latencyMs: 0.2 } });
  const { clock, during } = graph;
  const robot = await graph.join();
  const ros = await graph.join();
  const tree: EntityLists = { areas: [], components: [], apps: [app('lidar'), app('base')], functions: [] };
  const checked = checkedOptions(Options, raw);
  assert.ok('options' in checked);
  const logged: string[] = [];
  const context = (access: RosAccess | undefined): PluginContext<Options> => ({
    name: 'topic_beacon',
    options: checked.options as Options,
    clock,
    log: (level, message) => logged.push(`${level}: ${message}`),
    changed: () => undefined,
    record: async () => undefined,
    resourceChanged: () => undefined,
    entities: async () => tree,
    ...eventHooks(() => () => undefined),
    clearFault: async () => false,
    reportFault: async () => false,
    request: async () => ({ status: 404, headers: {}, body: undefined }),
    ...(access && { ros: access }),
  });
  const parts = await during(topicBeacon.setup(context(ros)));
  const node = await during(robot.node({ name: 'announcer' }));
  const publisher = async (type = HINT_TYPE) => {
    const opened = await during(node.publisher(TOPIC, type, { depth: 100 }));
    await clock.advanceAsync(500, 5);
    return opened;
  };
  return {
    clock,
    logged,
    context,
    parts,
    publisher,
    during,
    apps: async () => (await parts.contribution?.())?.additions?.apps ?? [],
    figures: async () => (await parts.health?.())?.blocks['x-medkit-topic-beacon'] ?? {},
    close: async () => {
      await during(parts.stop?.() ?? Promise.resolve());
      await graph.close();
    },
  };
}

describe('3.2 the plugin', () => {
  it('3.2: an announcement of a node becomes part of its app', async () => {
    const { clock, apps, publisher, during, parts, close } = await scene();
    const announcements = await publisher();
    await during(
      announcements.publish({ entity_id: 'lidar', display_name: 'Front LiDAR', metadata: [{ key: 'a', value: 'b' }] }),
    );
    await clock.advanceAsync(100);
    assert.deepEqual(
      (await apps()).map(({ id, name, capabilities, metadata }) => [id, name, capabilities, metadata]),
      [
        [
          'lidar',
          'Front LiDAR',
          ['x-medkit-beacon', 'x-medkit-topic-beacon'],
          { 'x-medkit-beacon-status': 'active', 'x-medkit-beacon-a': 'b' },
        ],
      ],
    );
    assert.deepEqual(parts.routes?.map(({ route }) => route.path).sort(), [
      '/apps/{app_id}/x-medkit-beacon',
      '/apps/{app_id}/x-medkit-topic-beacon',
      '/components/{component_id}/x-medkit-beacon',
      '/components/{component_id}/x-medkit-topic-beacon',
    ]);
    await close();
  });

  it('3.2 [weak]: excess messages are dropped and counted, and do not reduce the budget of another publisher', async () => {
    const { clock, apps, figures, publisher, during, close } = await scene({ max_messages_per_second: 5 });
    const chatty = await publisher();
    const calm = await publisher();
    for (let at = 0; at < 20; at++) await during(chatty.publish({ entity_id: 'lidar' }));
    await during(calm.publish({ entity_id: 'base' }));
    await clock.advanceAsync(50);
    const { messages_total, messages_over_limit_total, publishers } = await figures();
    assert.deepEqual([messages_total, publishers], [21, 2]);
    assert.ok((messages_over_limit_total as number) >= 10, String(messages_over_limit_total));
    assert.deepEqual((await apps()).map(({ id }) => id).sort(), ['base', 'lidar']);
    await close();
  });

  it('3.2 [edge]: useless hints are warned of and counted, a full store is warned of once', async () => {
    const { clock, logged, figures, publisher, during, close } = await scene({ max_hints: 1 });
    const announcements = await publisher();
    for (const entity_id of ['', 'a b', 'a b', 'lidar', 'base', 'base'])
      await during(announcements.publish({ entity_id }));
    await clock.advanceAsync(100);
    const { hints_invalid_total, hints_full_total, hints } = await figures();
    assert.deepEqual([hints_invalid_total, hints_full_total, hints], [3, 2, 1]);
    assert.equal(logged.filter((line) => line.startsWith('warn: A hint is invalid')).length, 2);
    assert.equal(logged.filter((line) => line.includes('raise max_hints')).length, 1);
    await close();
  });

  it('3.2 [edge]: a hint with the stamp of a simulated clock is fresh when it arrives', async () => {
    const { clock, apps, publisher, during, close } = await scene();
    const announcements = await publisher();
    const stamp = { sec: 5, nanosec: 0 };
    await during(announcements.publish({ entity_id: 'lidar', stamp }));
    await clock.advanceAsync(100);
    assert.equal((await apps())[0]?.metadata?.['x-medkit-beacon-status'], 'active');
    await close();
  });

  it('3.2 [edge]: accepts no message after the stop', async () => {
    const { clock, parts, apps, publisher, during, close } = await scene();
    const announcements = await publisher();
    await during(parts.stop!());
    await during(announcements.publish({ entity_id: 'lidar' }));
    await clock.advanceAsync(100);
    assert.deepEqual(await apps(), []);
    await close();
  });

  it('3.2: without a graph it reports that it has no topic to listen to', async () => {
    const { context, close } = await scene();
    await assert.rejects(topicBeacon.setup(context(undefined)), /not joined a ROS 2 graph/);
    await close();
  });
});
