import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { app, area, component } from '@medkit/core/testing';
import Type from 'typebox';
import { definePlugin, PLUGIN_API_VERSION } from '../plugin.ts';
import type { EntityLine, PluginContext } from '../plugin-context.ts';
import type { PluginParts } from '../plugin-parts.ts';
import { runPlugin } from '../testing/run-plugin.ts';

const LINE: EntityLine = { severity: 'warning', message: 'dry' };
const ALL = { sources: ['pump'], namespaces: [] };
const QUERY = { minimum: 'debug', context: '', limit: 100 } as const;

/** Runs a plugin with a pump and a hall next to a lidar that is not part of the plugin. */
async function run(isolated: boolean, parts: PluginParts = {}) {
  let context: PluginContext | undefined;
  const plugin = definePlugin({
    apiVersion: PLUGIN_API_VERSION,
    name: 'plc',
    options: Type.Object({}),
    setup: async (pluginContext) => {
      context = pluginContext;
      const entities = { areas: [area('hall')], components: [component('cabinet')], apps: [app('pump')] };
      return { contribution: async () => ({ entities }), ...parts };
    },
  });
  const running = await runPlugin(plugin, { entities: { apps: [app('lidar')] }, isolated });
  const record = (entityId: string, line: unknown): Promise<string | undefined> =>
    context!.record(entityId, line as EntityLine).then(
      () => undefined,
      (error: Error) => error.message,
    );
  return { ...running, record };
}

for (const isolated of [false, true]) {
  describe(`a plugin ${isolated ? 'in a separate process' : 'within the gateway'} that records log lines`, () => {
    it('writes its lines to the log of its entity, with the current time unless it gives one', async () => {
      const { record, providers, lines, clock, call, stop } = await run(isolated);
      assert.equal(await record('pump', { ...LINE, function: 'watch', file: 'plc.ts', line: 7 }), undefined);
      assert.equal(await record('cabinet', { ...LINE, timestampNs: 5n }), undefined);
      const entries = await providers.logs?.list('apps/pump', ALL, QUERY, call());
      const where = { function: 'watch', file: 'plc.ts', line: 7 };
      assert.deepEqual(entries, [{ ...LINE, ...where, logger: 'pump', timestampNs: clock.wallNs(), sequence: 1 }]);
      assert.deepEqual(
        lines.map(({ logger, timestampNs }) => [logger, timestampNs]),
        [
          ['pump', clock.wallNs()],
          ['cabinet', 5n],
        ],
      );
      await stop();
      // A separate process has exited by now.
      if (!isolated) assert.equal(await record('pump', LINE), 'the plugin has ended');
    });

    it('gets an error for a line of another plugin’s entity and for a malformed line, and neither is stored', async () => {
      const { record, lines, stop } = await run(isolated);
      for (const id of ['lidar', 'hall', 'nobody']) {
        assert.match(
          (await record(id, LINE)) ?? '',
          new RegExp(`^plugin plc contributes no app or component "${id}": it can`),
        );
      }
      for (const [line, message] of [
        [undefined, /^invalid severity "undefined" of a line of "pump"$/],
        [{ ...LINE, severity: 'loud' }, /^invalid severity "loud"/],
        [{ severity: 'info' }, /a field that is not a text/],
        [{ ...LINE, file: 3 }, /a field that is not a text/],
        [{ ...LINE, timestampNs: 3 }, /timestampNs of a line of "pump" is not a bigint/],
      ] as const) {
        assert.match((await record('pump', line)) ?? '', message);
      }
      assert.deepEqual(lines, []);
      await stop();
    });

    it('has at most 200 lines stored, each cut at 8192 characters', async () => {
      const { record, providers, call, stop } = await run(isolated);
      for (let count = 0; count < 300; count++) await record('pump', { ...LINE, message: 'x'.repeat(9000) });
      const entries = (await providers.logs?.list('apps/pump', ALL, { ...QUERY, limit: 1000 }, call())) ?? [];
      assert.equal(entries.length, 200);
      assert.match(entries[0]?.message ?? '', /^x{8192} … \[808 more characters\]$/);
      await stop();
    });

    it('is warned that its lines are not read if it serves logs itself', async () => {
      const logs = { list: async () => [], add: () => assert.fail() };
      const { record, stop } = await run(isolated, { providers: { logs } });
      assert.match((await record('pump', LINE)) ?? '', /^plugin plc serves the logs of its entities itself/);
      await stop();
    });
  });
}
