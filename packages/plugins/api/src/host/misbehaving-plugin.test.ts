import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { app } from '@medkit/core/testing';
import { definePlugin, PLUGIN_API_VERSION } from '../plugin.ts';
import type { PluginContext } from '../plugin-context.ts';
import type { PluginParts } from '../plugin-parts.ts';
import { runPlugin } from '../testing/run-plugin.ts';

const PUMP = { entities: { apps: [app('pump', { source: '' })] } };

/** Runs a plugin next to the app `lidar` and returns the plugin's context. */
async function run(setup: (context: PluginContext) => Promise<PluginParts>) {
  const contextReady = Promise.withResolvers<PluginContext>();
  const plugin = definePlugin({
    apiVersion: PLUGIN_API_VERSION,
    name: 'pump',
    setup: (context: PluginContext) => {
      contextReady.resolve(context);
      return setup(context);
    },
  });
  const running = await runPlugin(plugin, { entities: { apps: [app('lidar')] } });
  const context = await contextReady.promise;
  return {
    ...running,
    context,
    /** Returns the apps after the plugin signalled a change. */
    changed: async () => {
      context.changed();
      await running.advance(20);
      return running.model.tree.all('app').map(({ id }) => id);
    },
  };
}

describe('a misbehaving plugin', () => {
  it('shows no entities of earlier contributions if it returns nonsense or throws (discovery 2.4: ownership is cleared)', async () => {
    let next: () => unknown = () => PUMP;
    const { changed, logged, stop } = await run(async () => ({ contribution: async () => next() as never }));
    assert.deepEqual(await changed(), ['lidar', 'pump']);
    next = () => ({ entities: { apps: [{ id: 7 }] } });
    assert.deepEqual(await changed(), ['lidar']);
    assert.ok(
      logged.some((line) => line.includes('failed in contribution: entities.apps "7" has no text for its kind')),
    );
    next = () => PUMP;
    assert.deepEqual(await changed(), ['lidar', 'pump']);
    await stop();
  });

  it('that reports changes without end does not block the gateway', async () => {
    let calls = 0;
    const { advance, stop } = await run(async ({ changed }) => ({
      contribution: async () => {
        calls++;
        changed();
        return PUMP;
      },
    }));
    const before = calls;
    await advance(50);
    assert.ok(calls - before <= 11, `asked ${calls - before} times in 50 ms`);
    await stop();
  });

  it('is stopped once, also if it was switched off or became ready after the gateway gave up waiting', async () => {
    let stopped = 0;
    const parts: PluginParts = {
      contribution: async () => {
        throw new Error('broken');
      },
      stop: async () => {
        stopped++;
      },
    };
    const { changed, state, stop } = await run(async () => parts);
    for (let times = 0; times < 5; times++) await changed();
    assert.deepEqual([state(), stopped], ['switched off', 1]);
    await stop();
    assert.equal(stopped, 1);

    const ready = Promise.withResolvers<PluginParts>();
    const late = await run(() => ready.promise);
    assert.equal(late.state(), 'left out');
    ready.resolve(parts);
    await late.advance(5);
    assert.equal(stopped, 2);
    await late.stop();
  });

  it('that is set up after the gateway gave up waiting cannot open anything that would never be closed', async () => {
    const late = Promise.withResolvers<void>();
    let refused: unknown;
    const received: unknown[] = [];
    const { events, advance, stop } = await run(async ({ onEntitiesChange }) => {
      await late.promise;
      try {
        onEntitiesChange((change) => received.push(change));
      } catch (error) {
        refused = error;
      }
      return {};
    });
    late.resolve();
    await advance(20);
    assert.match(String(refused), /the plugin has ended/);
    events.emit('entities.changed', { added: [], removed: [], changed: [] } as never);
    assert.deepEqual(received, []);
    await stop();
  });

  it('that throws in a listener is logged, and no longer listens once it is switched off', async () => {
    let calls = 0;
    const { events, logged, state, stop } = await run(async ({ onEntitiesChange }) => {
      onEntitiesChange(() => {
        calls++;
        throw new Error('broken');
      });
      return {};
    });
    const change = { generation: 7, added: [], removed: [], changed: [] };
    for (let times = 0; times < 9; times++) events.emit('entities.changed', change);
    assert.deepEqual([calls, state()], [5, 'switched off']);
    assert.ok(logged.some((line) => line.includes('failed in onEntitiesChange: broken')));
    await stop();
  });

  it('reports about itself what /health can show, and no more', async () => {
    let said: unknown;
    const { model, stop } = await run(async () => ({ health: async () => said as never }));
    const healthWith = async (next: unknown) => {
      said = next;
      const { warnings, blocks } = await model.health();
      return [warnings.map(({ code }) => code), Object.keys(blocks)];
    };
    const stateBlock = 'x-medkit-plugin-pump';
    const warning = { code: 'pump_dry', message: 'Dry' };
    assert.deepEqual(
      await healthWith({ warnings: [warning, null, {}], blocks: { 'x-pump': {}, status: {}, 'x-b': 7 } }),
      [['pump_dry'], ['x-pump', stateBlock]],
    );
    assert.deepEqual(await healthWith(null), [[], [stateBlock]]);
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    assert.deepEqual(await healthWith({ warnings: [], blocks: { 'x-pump': circle } }), [[], [stateBlock]]);
    await stop();
  });
});
