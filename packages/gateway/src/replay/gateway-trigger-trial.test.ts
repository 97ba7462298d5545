import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { newFolder } from './testing/new-folder.ts';
import { recordScriptedDay } from './testing/record-reports.ts';
import { gatewayOf } from './testing/replay-gateway.ts';
import { storeBags } from './testing/store-bags.ts';
import { floats, writeBag } from './testing/write-bag.ts';

const RESOURCE = '/api/v1/apps/battery_monitor/data/voltage';
const range = (upper_bound: number) => ({ condition_type: 'EnterRange', lower_bound: 0, upper_bound });
const NEW = { triggers: { tried: { resource: RESOURCE, trigger_condition: range(22), multishot: true } } };
const documentOf = (rules: object) => ({ trigger_rules: JSON.stringify(rules), since: '0' });

/** A gateway with the recording of a voltage that falls below 22 V once, and of recorded faults. */
async function recordedRobot() {
  const folder = newFolder();
  const clock = new SimulatedClock();
  const { rules } = await recordScriptedDay(folder, clock);
  const sag = floats('/voltage', [
    [0, 24],
    [2, 21.5],
    [4, 24],
  ]);
  storeBags(folder, [{ id: 'fault_SAG_1', octets: await writeBag([sag]), second: 4 }]);
  return { folder, ...(await gatewayOf(folder, rules, clock)) };
}

describe('triggers tried over HTTP', () => {
  it('are compared with the stored trigger, also if it is not persistent', async () => {
    const { app, outcome, admin, viewer } = await recordedRobot();
    const created = await app.inject({
      method: 'POST',
      url: '/api/v1/apps/battery_monitor/triggers',
      headers: { host: 'localhost', authorization: String(admin) },
      payload: { resource: RESOURCE, trigger_condition: range(22), multishot: true },
    });
    assert.equal(created.statusCode, 201, created.body);
    const { id } = created.json<{ id: string }>();
    const tried = await outcome(documentOf({ triggers: { [id]: { trigger_condition: range(21) } } }), viewer);
    const { replayed, rules } = tried.recordings ?? {};
    assert.deepEqual([replayed, tried.events, tried.remarks], [1, 3, []]);
    assert.deepEqual(rules, [
      {
        id,
        before: { fired: 1, values: 3 },
        after: { fired: 0, values: 3 },
        total: 1,
        differences: 1,
        items: [{ is: 'fewer', before: '2026-09-21T14:13:22.000Z', after: null, recording: 'fault_SAG_1' }],
      },
    ]);
    assert.deepEqual([tried.deviations.total, tried.faults.differences], [0, 0]);
    assert.doesNotMatch(tried.not_evaluated.map(({ rules: which }) => which).join(), /Triggers/);
    await app.close();
  });

  it('change nothing: no trigger, no event, and no file', async () => {
    const { app, outcome, folder, get } = await recordedRobot();
    const content = () =>
      readdirSync(folder)
        .sort()
        .map((name) => [name, name.endsWith('.db') && readFileSync(join(folder, name))]);
    const before = content();
    assert.equal((await outcome(documentOf(NEW))).recordings?.rules[0]?.after?.fired, 1);
    assert.deepEqual(content(), before);
    assert.deepEqual((await get('/api/v1/x-medkit-triggers')).json().items, []);
    await app.close();
  });

  it('are refused with the problem if they are invalid', async () => {
    const { app, refused } = await recordedRobot();
    for (const [rules, expected] of [
      [{ triggers: { trig_9: {} } }, /no rule trig_9 is stored/],
      [{ triggers: { tried: { resource: '/api/v1/apps/a/faults', trigger_condition: range(1) } } }, /data item/],
      [
        { triggers: { tried: { resource: RESOURCE, trigger_condition: { condition_type: 'Odd' } } } },
        /Unknown condition/,
      ],
      [{ rules: {} }, /there is no section rules/],
    ] as const) {
      const [status, message] = await refused(documentOf(rules));
      assert.deepEqual([status, expected.test(message)], [400, true], message);
    }
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'.split('').map((n, at) => `${n}: &${n} [${Array(9).fill(`*${'abcdefgh'[at]}`)}]`),
    ];
    assert.equal((await refused({ trigger_rules: bomb.join('\n') }))[0], 400);
    await app.close();
  });
});
