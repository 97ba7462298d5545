import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FaultReport } from '@medkit/core';
import { memoryFaults } from '@medkit/core/testing';
import { testGateway } from '../testing/test-gateway.ts';

const HEADERS = { host: 'localhost:8080' };
const PATH = '/apps/battery_monitor/fault-triggers';
const RULE = {
  data_name: '/battery_state',
  operator: '<',
  threshold: 25,
  fault_code: 'BATTERY_LOW',
  severity: 'WARNING',
};

/** A gateway whose rules are stored in memory only. */
async function setUp({ enabled = true } = {}) {
  const reports: FaultReport[] = [];
  const gateway = await testGateway({ fault_triggers: { enabled, storage: { path: ':memory:' } } }, undefined, {
    faults: memoryFaults({ onReport: (report) => reports.push(report) }),
  });
  const ask = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: object | string) =>
    gateway.app.inject({
      method,
      url: `/api/v1${path}`,
      headers: { ...HEADERS, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { payload: body }),
    });
  return { ...gateway, reports, ask };
}

describe('fault triggers over HTTP', () => {
  it('Q01: are created, listed and deleted', async () => {
    const { ask, app } = await setUp();
    const made = await ask('POST', PATH, RULE);
    assert.equal(made.statusCode, 201);
    const rule = { id: 'ftr_1', ...RULE, active: true, 'x-medkit': { crossed: false } };
    assert.deepEqual(made.json(), rule);
    assert.deepEqual((await ask('GET', PATH)).json(), { items: [rule] });
    assert.deepEqual((await ask('GET', '/apps/battery-monitor/fault-triggers')).json(), { items: [rule] });
    const all = await ask('GET', '/x-medkit-fault-triggers');
    assert.deepEqual(all.json(), { items: [{ app_id: 'battery_monitor', ...rule }] });
    const deleted = await ask('DELETE', `${PATH}/ftr_1`);
    assert.deepEqual([deleted.statusCode, deleted.body], [204, '']);
    assert.deepEqual((await ask('GET', PATH)).json(), { items: [] });
    await app.close();
  });

  it('Q01: report the crossed value until the gateway is closed', async () => {
    const { ask, app, clock, reports } = await setUp();
    await ask('POST', PATH, RULE);
    await clock.advanceAsync(2000, 100);
    assert.equal(reports.length, 2);
    assert.deepEqual(reports[0], {
      code: 'BATTERY_LOW',
      event: 'FAILED',
      severity: 1,
      description: '/battery_state < 25',
      source: 'battery_monitor',
    });
    assert.deepEqual((await ask('GET', PATH)).json().items[0]['x-medkit'], { crossed: true, value: 24.8 });
    await app.close();
    await clock.advanceAsync(3000, 100);
    assert.equal(reports.length, 2);
  });

  const refusals: readonly (readonly [
    string,
    'GET' | 'POST' | 'DELETE',
    string,
    object | string | undefined,
    number,
    string,
    RegExp,
  ])[] = [
    ['malformed JSON', 'POST', PATH, '{"a"', 400, 'invalid-request', /^Malformed JSON: /],
    ['no body', 'POST', PATH, undefined, 400, 'invalid-request', /not valid JSON/],
    ['a missing field', 'POST', PATH, { ...RULE, operator: undefined }, 400, 'invalid-parameter', /operator: missing/],
    [
      'an invalid severity',
      'POST',
      PATH,
      { ...RULE, severity: 'WARN' },
      400,
      'invalid-parameter',
      /severity: expected/,
    ],
    [
      'data that the app does not have',
      'POST',
      PATH,
      { ...RULE, data_name: 'batt' },
      400,
      'invalid-parameter',
      /'\/battery_state'/,
    ],
    ['an unknown app', 'POST', '/apps/nobody/fault-triggers', RULE, 404, 'entity-not-found', /^Entity not found$/],
    ['a code of another rule', 'POST', PATH, { ...RULE, fault_code: 'TAKEN' }, 409, 'invalid-parameter', /'TAKEN'/],
    ['an unknown rule', 'DELETE', `${PATH}/ftr_9`, undefined, 404, 'resource-not-found', /not found/],
    [
      'a rule of another app',
      'DELETE',
      '/apps/lidar_driver/fault-triggers/ftr_1',
      undefined,
      404,
      'resource-not-found',
      /not found/,
    ],
  ];
  for (const [what, method, path, body, status, code, message] of refusals) {
    it(`Q01: refuse ${what}`, async () => {
      const { ask, app } = await setUp();
      await ask('POST', PATH, { ...RULE, fault_code: 'TAKEN' });
      const reply = await ask(method, path, body);
      const { error_code, message: said, parameters } = reply.json();
      assert.deepEqual([reply.statusCode, error_code, parameters], [status, code, undefined]);
      assert.match(said, message);
      await app.close();
    });
  }

  it('Q01: answer 404 if they are switched off, and an empty list for an unknown app', async () => {
    const off = await setUp({ enabled: false });
    for (const [method, path, body] of [
      ['GET', PATH, undefined],
      ['GET', '/x-medkit-fault-triggers', undefined],
      ['POST', PATH, RULE],
      ['DELETE', `${PATH}/ftr_1`, undefined],
    ] as const) {
      const reply = await off.ask(method, path, body);
      assert.deepEqual(
        [reply.statusCode, reply.json()],
        [404, { error_code: 'resource-not-found', message: 'fault-trigger engine is not enabled' }],
      );
    }
    const on = await setUp();
    assert.deepEqual((await on.ask('GET', '/apps/nobody/fault-triggers')).json(), { items: [] });
    await Promise.all([off.app.close(), on.app.close()]);
  });
});
