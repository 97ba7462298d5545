import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startProgram } from '../harness/program.ts';

const TRIGGERS = '/api/v1/apps/battery_monitor/triggers';
const BELOW_22_V = {
  resource: '/api/v1/apps/battery_monitor/data/voltage',
  trigger_condition: { condition_type: 'EnterRange', lower_bound: 0, upper_bound: 22.0 },
  persistent: true,
  lifetime: 86_400,
};
/** How long after a value left the range a crash may still lose that. */
const WRITTEN_MS = 250;

test('a persistent trigger survives kill -9 with its condition, its events and its number', {
  timeout: 120_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-triggers-'));
  const start = async () => {
    const program = startProgram([folder], { script: join(import.meta.dirname, 'trigger-gateway.ts') });
    const [, url = ''] = await program.printed(/listening (\S+)/);
    const ask = async (method: string, path: string, body?: object) => {
      const headers = { 'content-type': 'application/json' };
      const reply = await fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
      const text = await reply.text();
      return { status: reply.status, text, body: text.startsWith('{') ? JSON.parse(text) : undefined };
    };
    const volts = async (...values: readonly number[]) => {
      const path = '/api/v1/apps/battery_monitor/data/voltage';
      for (const data of values) await ask('PUT', path, { type: 'std_msgs/msg/Float32', data: { data } });
    };
    const fired = async (id: string) => (await ask('GET', `${TRIGGERS}/${id}`)).body['x-medkit'].fired_total as number;
    const kill = async () => assert.equal(await program.end('SIGKILL'), 'SIGKILL');
    return { ask, volts, fired, kill };
  };
  try {
    let life = await start();
    const made = await life.ask('POST', TRIGGERS, { ...BELOW_22_V, multishot: true });
    assert.equal(made.status, 201);
    await life.ask('POST', TRIGGERS, { ...BELOW_22_V, multishot: false });
    await life.ask('POST', TRIGGERS, { ...BELOW_22_V, persistent: false });
    await life.volts(23);
    await delay(WRITTEN_MS);
    await life.kill();

    life = await start();
    await life.volts(21);
    await delay(WRITTEN_MS);
    assert.deepEqual(
      [await life.fired('trig_1'), await life.fired('trig_2')],
      [1, 1],
      'it was above 22 V before the kill',
    );
    await life.kill();

    life = await start();
    await life.volts(20);
    assert.equal(await life.fired('trig_1'), 1, 'it was below already');
    await life.volts(23);
    await delay(WRITTEN_MS);
    await life.kill();

    life = await start();
    await life.volts(21);
    await delay(WRITTEN_MS);
    const { body } = await life.ask('GET', TRIGGERS);
    const states = body.items.map((item: typeof made.body) => [item.id, item.status, item['x-medkit'].fired_total]);
    assert.deepEqual(states, [
      ['trig_1', 'active', 2],
      ['trig_2', 'terminated', 1],
    ]);
    const once = await life.ask('GET', `${TRIGGERS}/trig_2/events`);
    assert.match(once.text, /id: 1\ndata: .*"payload":\{"data":21\}/, 'who was not there gets it now');
    assert.equal((await life.ask('POST', TRIGGERS, BELOW_22_V)).body.id, 'trig_4', 'no number is given twice');
    await life.kill();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
