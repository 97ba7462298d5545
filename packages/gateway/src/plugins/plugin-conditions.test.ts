import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import type { JsonObject, JsonValue, TriggerCondition } from '@medkit/core';
import type { PluginContext } from '@medkit/plugin';
import { module, pluginGateway, settled } from '../testing/plugin-gateway.ts';

const TRIGGERS = '/apps/lidar/triggers';
const of = (resource: string, trigger_condition: object) => ({
  resource: `/api/v1/apps/lidar/${resource}`,
  trigger_condition,
  multishot: true,
});

/** Fires if a value is `by` above the previous one. */
const RISE: TriggerCondition = {
  check: async ({ by }) => {
    if (typeof by !== 'number') throw new SovdError({ code: 'invalid-parameter', message: 'it needs a number "by"' });
  },
  evaluate: async (previous: JsonValue | undefined, value: JsonValue, { by }: JsonObject) =>
    Number(value) - Number(previous ?? value) >= Number(by),
};

describe('triggers with conditions of plugins', () => {
  it('fire when the plugin decides so, also for changes that the plugin publishes in its collections', async () => {
    let context: PluginContext | undefined;
    const plc = module(async (received) => {
      context = received;
      return { conditions: { 'x-rise': RISE } };
    });
    const { ask, logged, close } = await pluginGateway({ plc });
    const bad = await ask('POST', TRIGGERS, of('x-plc-data', { condition_type: 'x-rise' }));
    assert.deepEqual([bad.status, bad.body.message], [400, 'x-rise: it needs a number "by"']);
    assert.equal(
      (await ask('POST', TRIGGERS, of('x-plc-data/speed', { condition_type: 'x-rise', by: 5 }))).status,
      201,
    );
    const unknown = await ask('POST', TRIGGERS, of('faults', { condition_type: 'x-fall' }));
    assert.match(unknown.body.message, /use one of OnChange, OnChangeTo, EnterRange, LeaveRange, x-rise/);
    const entity = { kind: 'app', id: 'lidar' } as const;
    for (const value of [1, 3, 9, 10]) {
      context?.resourceChanged({ entity, collection: 'x-plc-data', path: 'speed', value });
      await settled();
    }
    context?.resourceChanged({ entity, collection: 'data', path: 'speed', value: 99 });
    assert.equal((await ask('GET', `${TRIGGERS}/trig_1`)).body['x-medkit'].fired_total, 1);
    assert.ok(
      logged.some((line) =>
        line.includes('plc: it reported an invalid change: expected a collection whose name begins with x-'),
      ),
    );
    await close();
  });

  it('whose plugin throws or hangs report the failure, and affect no other trigger', async () => {
    const never = () => new Promise<never>(() => undefined);
    const fails = async () => {
      throw new Error('defect');
    };
    const { ask, clock, model, close } = await pluginGateway({
      broken: module(async () => ({
        conditions: {
          'x-broken': { check: async () => undefined, evaluate: fails },
          'x-hanging': { check: async () => undefined, evaluate: never },
          'x-unchecked': { check: fails, evaluate: fails },
        },
      })),
    });
    const unchecked = await ask('POST', TRIGGERS, of('x-a', { condition_type: 'x-unchecked' }));
    assert.deepEqual([unchecked.status, unchecked.body.vendor_code], [500, 'x-medkit-plugin-error']);
    for (const condition_type of ['x-broken', 'x-hanging', 'OnChange']) {
      await ask('POST', TRIGGERS, of('x-a', { condition_type }));
    }
    const entity = { kind: 'app', id: 'lidar' } as const;
    model.events.emit('resource.changed', { entity, collection: 'x-a', path: '', value: 1 });
    await clock.advanceAsync(1500, 500);
    await settled();
    const { items } = (await ask('GET', TRIGGERS)).body;
    const rows = items.map((item: { 'x-medkit': { fired_total: number; problem?: string } }) => [
      item['x-medkit'].fired_total,
      item['x-medkit'].problem,
    ]);
    assert.deepEqual(rows, [
      [0, 'Its condition failed: Internal plugin error'],
      [0, 'Its condition failed: Internal plugin error'],
      [1, undefined],
    ]);
    await close();
  });

  it('are served by the first plugin with the name, and not with a name of the gateway', async () => {
    const named = (name: string) => module(async () => ({ conditions: { [name]: RISE } }));
    const { health, logged, close } = await pluginGateway({
      first: named('x-rise'),
      second: named('x-rise'),
      third: named('OnChange'),
      fourth: module(async () => ({ conditions: { 'x-a': {} } }) as never),
    });
    const refused = (await health()).warnings.filter(({ code }: { code: string }) => code === 'plugin_part_refused');
    assert.deepEqual(
      refused.map(({ message }: { message: string }) => message),
      [
        'Condition x-rise of plugin second is not served: another plugin has a condition with this name',
        'Condition OnChange of plugin third is not served: its name does not begin with x-',
      ],
    );
    assert.ok(logged.some((line) => line.includes('its condition x-a has no check and no evaluate')));
    await close();
  });
});
