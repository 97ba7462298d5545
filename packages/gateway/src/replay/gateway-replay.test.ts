import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import type { TriedOutcome, TriedRules } from '@medkit/contract';
import { SimulatedClock } from '@medkit/edges/testing';
import { testGateway } from '../testing/test-gateway.ts';
import { newFolder } from './testing/new-folder.ts';
import { openManager, recordScriptedDay, rulesOf } from './testing/record-reports.ts';
import { gatewayOf } from './testing/replay-gateway.ts';

async function scriptedDay() {
  const folder = newFolder();
  const clock = new SimulatedClock();
  const { rules, t0 } = await recordScriptedDay(folder, clock);
  const iso = (offsetMs: number) => new Date(t0 + offsetMs).toISOString();
  return { iso, ...(await gatewayOf(folder, rules, clock)) };
}

describe('rules tried over HTTP', () => {
  it('differ as predicted by hand with a higher confirmation threshold', async () => {
    const { app, outcome, iso } = await scriptedDay();
    const { faults, incidents, notifications, deviations, events, from, not_evaluated } = await outcome({
      parameters: { confirmation_threshold: -3 },
    });
    assert.deepEqual([events, from, deviations], [11, iso(0), { total: 0, codes: [] }]);
    assert.deepEqual(faults, {
      before: 4,
      after: 1,
      differences: 5,
      items: [
        { is: 'fewer', fault_code: 'ONCE', before: iso(0), after: null },
        { is: 'later', fault_code: 'THRICE', before: iso(60_000), after: iso(62_000) },
        { is: 'ends_later', fault_code: 'THRICE', before: iso(184_500), after: iso(186_500) },
        { is: 'fewer', fault_code: 'POWER', before: iso(123_000), after: null },
        { is: 'fewer', fault_code: 'SENSOR_A', before: iso(123_500), after: null },
      ],
    });
    assert.deepEqual([incidents.before, incidents.after, incidents.differences], [4, 1, 3]);
    assert.deepEqual([notifications?.before, notifications?.after, notifications?.differences], [4, 1, 3]);
    assert.match(not_evaluated.map(({ rules }) => rules).join(), /^Triggers, and fault triggers$/);
    await app.close();
  });

  it('change one fault, one source, and the correlation', async () => {
    const { app, outcome, iso } = await scriptedDay();
    const entity_thresholds = JSON.stringify({ '/sensor': { confirmation_threshold: -2 } });
    const sensor = await outcome({ entity_thresholds, fault_code: 'SENSOR_A' });
    assert.deepEqual(sensor.faults.items, [{ is: 'fewer', fault_code: 'SENSOR_A', before: iso(123_500), after: null }]);
    assert.deepEqual([sensor.faults.before, sensor.faults.after], [1, 0]);
    assert.equal((await outcome({ entity_thresholds, fault_code: 'ONCE' })).faults.differences, 0);
    const correlation_rules =
      'correlation:\n  enabled: true\n  rules:\n    - id: power\n      window_ms: 2000\n      root_cause: {codes: [POWER]}\n      symptoms: [{codes: ["SENSOR_*"]}]\n';
    const grouped = await outcome({ correlation_rules });
    assert.deepEqual(
      grouped.faults.items.map(({ is, fault_code }) => [is, fault_code]),
      [['muted', 'SENSOR_A']],
    );
    assert.deepEqual(grouped.incidents.items[0]?.after, [{ began: iso(123_000), codes: ['POWER', 'SENSOR_A'] }]);
    const severe = await outcome({ notifications: { receivers: { team: { severity: 'critical' } } } });
    assert.deepEqual([severe.faults.differences, severe.notifications?.after], [0, 0]);
    await app.close();
  });

  it('without a change differ in nothing, and ignore what was over before the requested time', async () => {
    const { app, outcome, iso } = await scriptedDay();
    const same = await outcome({});
    assert.deepEqual([same.faults.differences, same.incidents.differences, same.deviations.total], [0, 0, 0]);
    const late = await outcome({ parameters: { healing_enabled: false }, since: iso(185_000) });
    assert.deepEqual([late.since, late.faults.items.map(({ is }) => is)], [iso(185_000), ['ends_later']]);
    await app.close();
  });

  it('need a further permission for notifications only', async () => {
    const { app, outcome, refused, viewer } = await scriptedDay();
    const seen = await outcome({ parameters: { confirmation_threshold: -3 } }, viewer);
    assert.deepEqual([seen.faults.differences, seen.notifications], [5, undefined]);
    assert.match(seen.not_evaluated.map(({ reason }) => reason).join(), /permission webhooks/);
    const [status, message] = await refused({ notifications: { settle_ms: 1 } }, viewer);
    assert.deepEqual([status, /webhooks/.test(message)], [403, true]);
    await app.close();
  });
});

describe('invalid rules to try', () => {
  it('are refused with the place and the remedy', async () => {
    const { app, refused } = await scriptedDay();
    for (const [body, expected] of [
      [{ entity_thresholds: '/a:\n  healing_threshold: often\n' }, /entity_thresholds:2.*whole number, not "often"/],
      [{ since: 'yesterday' }, /ISO 8601/],
      [{ since: '2999-01-01' }, /past time/],
      [{ parameters: 'all' }, /body validation/],
      [{ parameters: { confirmation_threshold: 'x\ny' } }, /body validation/],
      [{ entity_thresholds: 'x'.repeat(200_001) }, /body validation/],
    ] as const) {
      const [status, message] = await refused(body as TriedRules);
      assert.deepEqual([status, expected.test(message)], [400, true], message);
    }
    await app.close();
  });

  it('cannot stop the gateway with aliases or hostile names', async () => {
    const { app, send, get } = await scriptedDay();
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'.split('').map((n, at) => `${n}: &${n} [${Array(9).fill(`*${'abcdefgh'[at]}`)}]`),
    ];
    for (const body of [
      { entity_thresholds: bomb.join('\n') },
      { entity_thresholds: '__proto__: {confirmation_threshold: -2}' },
      {
        correlation_rules: `correlation: {enabled: true, rules: [{id: x, root_cause: {codes: ["${'*a'.repeat(2000)}"]}, symptoms: [{codes: ["*"]}]}]}`,
      },
      { fault_code: "'; DROP TABLE faults; --", parameters: { confirmation_threshold: -2 } },
    ]) {
      const reply = await send(body);
      assert.ok([200, 400].includes(reply.statusCode), reply.body);
    }
    assert.equal((await get('/api/v1/apps')).statusCode, 200);
    await app.close();
  });

  it('are refused if there is no record', async () => {
    const folder = newFolder();
    const rules = rulesOf();
    const none = await gatewayOf(folder, rules, new SimulatedClock());
    assert.deepEqual(await none.refused({}), [
      503,
      `Cannot read the recorded faults: there is no file ${folder}/faults.db`,
    ]);
    await none.app.close();
    const memory = await gatewayOf(folder, rulesOf({ storage_type: 'memory' }), new SimulatedClock());
    const [status, message] = await memory.refused({});
    assert.deepEqual([status, /storage_type/.test(message)], [501, true]);
    await memory.app.close();
    const { app } = await testGateway();
    const url = '/api/v1/x-medkit-replay';
    const reply = await app.inject({ method: 'POST', url, headers: { host: 'localhost' }, payload: {} });
    assert.deepEqual([reply.statusCode, reply.json().error_code], [501, 'not-implemented']);
    await app.close();
  });
});

describe('a replay of 100,000 events', () => {
  const CODES = 100;
  const REPETITIONS = 999;

  async function longDay() {
    const folder = newFolder();
    const clock = new SimulatedClock();
    const rules = rulesOf();
    const manager = await openManager(folder, rules, clock);
    for (let code = 0; code < CODES; code += 1) await manager.fail(`F${code}`);
    await manager.close();
    // The log stores the same reports in this form, after the first 200 of them.
    const database = new DatabaseSync(join(folder, 'faults.db'));
    database.exec(
      `UPDATE report_runs SET more = ${REPETITIONS}, until_ns = start_ns + ${REPETITIONS}000000000 WHERE kind = 'failed'`,
    );
    database.close();
    clock.advance(REPETITIONS * 1000);
    return { clock, ...(await gatewayOf(folder, rules, clock)) };
  }

  it('answers while other requests are answered, to one client at a time, and ends with its client', async () => {
    const { app, clock, admin, other } = await longDay();
    await app.listen({ port: 0, host: '127.0.0.1' });
    const base = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/api/v1`;
    const get = (path: string) => fetch(`${base}${path}`, { headers: { authorization: String(admin) } });
    const send = (body: TriedRules, authorization = admin, signal: AbortSignal | null = null) =>
      fetch(`${base}/x-medkit-replay`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', authorization: String(authorization) },
        signal,
      });
    const held = async () => {
      // The gateway computes its health at most ten times a second.
      clock.advance(100);
      const health = (await (await get('/health')).json()) as { 'x-medkit-quotas': { replays: { held: number } } };
      return health['x-medkit-quotas'].replays.held;
    };
    const heldIs = async (count: number) => {
      while ((await held()) !== count);
    };

    let isDone = false;
    const first = send({ parameters: { confirmation_threshold: -500 } }).finally(() => {
      isDone = true;
    });
    await heldIs(1);
    const refused = await send({});
    assert.deepEqual([refused.status, /1 of 2 replays/.test(await refused.text())], [429, true]);
    const second = send({}, other);
    let answered = 0;
    while (!isDone) {
      assert.equal((await get('/apps')).status, 200);
      answered += 1;
    }
    assert.ok(answered > 10, `${answered} other requests were answered`);
    const outcome = (await (await first).json()) as TriedOutcome;
    assert.deepEqual([outcome.events, outcome.faults.before, outcome.faults.after], [100_001, CODES, CODES]);
    assert.deepEqual([outcome.faults.differences, outcome.faults.items.length], [100, 100]);
    assert.equal(((await (await second).json()) as TriedOutcome).faults.differences, 0);

    const late = send({});
    await heldIs(1);
    clock.advance(28_000);
    assert.match(await (await late).text(), /takes too long.*medkit replay/);

    const leaves = new AbortController();
    const left = send({}, admin, leaves.signal);
    await heldIs(1);
    leaves.abort();
    await assert.rejects(left, /abort/);
    await heldIs(0);
    await app.close();
  });
});
