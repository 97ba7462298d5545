import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runPlugin } from '@medkit/plugin/testing';
import { plugin } from './plugin.ts';

const STATION = 'filling_station';

for (const isolated of [false, true]) {
  describe(`the filling station ${isolated ? 'in a process of its own' : 'within the gateway'}`, () => {
    it('is an app with process values', async () => {
      const run = await runPlugin(plugin, { options: { tank_l: '50' }, isolated });
      assert.equal(run.model.tree.get('app', STATION)?.name, 'Filling station');
      const reading = await run.providers.data?.read(STATION, 'process', run.call());
      assert.deepEqual(reading?.value, { levelL: 50, bottles: 0, valve: 'open' });
      await assert.rejects(async () => run.providers.data?.read(STATION, 'weight', run.call()), { status: 404 });
      await run.stop();
    });

    it('reports that the tank runs low, and that it was refilled', async () => {
      const run = await runPlugin(plugin, { options: { tank_l: 12, low_l: 11 }, isolated });
      await run.advance(3100);
      assert.deepEqual(
        run.reports.map(({ code, event }) => `${code} ${event}`),
        ['TANK_LOW FAILED'],
      );
      assert.deepEqual(run.model.tree.get('app', STATION)?.tags, ['low']);
      const request = { parameters: undefined, type: undefined };
      const refilled = await run.providers.operations?.invoke(STATION, 'refill', request, run.call());
      assert.deepEqual(refilled, { answer: { level_l: 12 } });
      await run.advance(1000);
      assert.equal(run.reports.at(-1)?.event, 'PASSED');
      assert.deepEqual(
        run.lines.map(({ logger, severity, message }) => `${logger} ${severity}: ${message}`),
        [`${STATION} warning: The tank runs low`, `${STATION} info: The tank is filled`],
      );
      await run.stop();
    });

    it('has a report', async () => {
      const run = await runPlugin(plugin, { isolated });
      await run.advance(4000);
      const report = await run.ask('GET', `/apps/${STATION}/x-filling-report`);
      assert.deepEqual(report, { body: { bottles: 4, tank_percent: 98 } });
      await run.stop();
    });
  });
}

it('takes no options that it does not know', async () => {
  await assert.rejects(runPlugin(plugin, { options: { tank: 3 } }), /no option tank/);
});
