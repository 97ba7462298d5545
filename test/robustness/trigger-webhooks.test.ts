import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';
import { seededRandom } from '@medkit/edges';
import { eventually } from '../harness/eventually.ts';
import { startProgram } from '../harness/program.ts';

const APP = '/api/v1/apps/battery_monitor';
const KILLS = 8;
/** Silence after which nothing more is expected. */
const QUIET_MS = 1500;

/** Errors of requests that end with the gateway. */
const CUT_OFF = /^TypeError: (?:fetch failed|terminated)$/;
const FRAME = /^id: (\d+)\ndata: (.*)$/m;

/** An event as delivered by a stream and a webhook. */
interface DeliveredEvent {
  readonly timestamp: string;
  readonly payload: { readonly data: number };
}

/**
 * Accepts webhooks of one trigger while it is open; returns each event by its number, in the order of first arrival.
 */
async function openReceiver() {
  const arrived = new Map<number, DeliveredEvent>();
  const door = { open: true };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (!door.open) {
      response.writeHead(503).end();
      return;
    }
    const { id, data } = JSON.parse(body);
    const number = Number(String(id).split('-')[0]);
    assert.deepEqual(arrived.get(number) ?? data, data, 'a number means one event for ever');
    arrived.set(number, data);
    response.writeHead(204).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { arrived, door, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close };
}

test('every stored event of a trigger arrives at its webhook, and no other, whenever kill -9 occurs', {
  timeout: 180_000,
}, async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-trigger-webhooks-'));
  const receiver = await openReceiver();
  const random = seededRandom(20_261_121).float;
  const streamed = new Map<number, DeliveredEvent>();
  let sent = 0;
  let waited = 0;

  const start = async () => {
    const args = [folder, 'webhooks.allowed_targets=127.0.0.1'];
    const program = startProgram(args, { script: join(import.meta.dirname, 'trigger-gateway.ts') });
    const [, url = ''] = await program.printed(/listening (\S+)/);
    const ask = async (method: string, path: string, body?: object) => {
      const headers = { 'content-type': 'application/json' };
      const reply = await fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
      assert.ok(reply.ok, `${method} ${path}: ${reply.status}`);
      return JSON.parse((await reply.text()) || '{}');
    };
    const listen = async () => {
      const stream = await fetch(`${url}${APP}/triggers/trig_1/events`);
      let text = '';
      for await (const chunk of stream.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        const frames = (text + chunk).split('\n\n');
        text = frames.pop() ?? '';
        for (const frame of frames) {
          const [, id, data] = FRAME.exec(frame) ?? [];
          if (data !== undefined) streamed.set(Number(id), JSON.parse(data));
        }
      }
    };
    /**
     * The battery repeatedly drops below 22 V and recovers, each time with a unique voltage, until the gateway is
     * killed.
     */
    const publish = async () => {
      for (;;) {
        sent += 1;
        for (const data of [20 + sent / 1000, 25]) {
          await ask('PUT', `${APP}/data/voltage`, { type: 'std_msgs/msg/Float32', data: { data } });
        }
      }
    };
    return { program, ask, listen, publish };
  };

  let life = await start();
  try {
    const { id } = await life.ask('POST', `${APP}/triggers`, {
      resource: `${APP}/data/voltage`,
      trigger_condition: { condition_type: 'EnterRange', lower_bound: 0, upper_bound: 22.0 },
      multishot: true,
      persistent: true,
      protocol: 'webhook',
      webhook: { url: receiver.url },
    });
    assert.equal(id, 'trig_1');
    for (let kill = 0; kill < KILLS; kill += 1) {
      const ends = Promise.allSettled([life.listen(), life.publish()]);
      const before = receiver.arrived.size;
      await eventually('some arrive', async () => receiver.arrived.size > before, 30_000);
      // Before every other kill they cannot be delivered, and wait.
      receiver.door.open = kill % 2 === 0;
      const wanted = streamed.size + 5 + random() * 25;
      await eventually('more are told', async () => streamed.size >= wanted, 30_000);
      if (!receiver.door.open) waited += Math.max(0, streamed.size - receiver.arrived.size);
      assert.equal(await life.program.end('SIGKILL'), 'SIGKILL');
      for (const end of await ends)
        assert.ok(end.status === 'rejected' && CUT_OFF.test(String(end.reason)), inspect(end));
      receiver.door.open = true;
      life = await start();
    }
    assert.ok(waited >= KILLS / 2, `${waited} events waited when the gateway was killed`);
    const trigger = await life.ask('GET', `${APP}/triggers/trig_1`);
    const fired: number = trigger['x-medkit'].fired_total;
    await eventually('all arrive', async () => receiver.arrived.size >= fired, 60_000);
    await delay(QUIET_MS);

    const numbers = Array.from({ length: fired }, (_, index) => index + 1);
    assert.deepEqual([...receiver.arrived.keys()], numbers, 'each of them, in its order, and no other');
    for (const [number, event] of streamed)
      assert.deepEqual(receiver.arrived.get(number), event, 'what was heard is on disk');
    const voltages = [...receiver.arrived.values()].map(({ payload }) => payload.data);
    assert.equal(new Set(voltages).size, fired, 'none fired twice');
    assert.ok(fired >= 5 * KILLS && fired <= sent, `${fired} of ${sent}`);
    context.diagnostic(JSON.stringify({ fired, sent, streamed: streamed.size, waited }));
  } finally {
    await life.program.end('SIGKILL');
    receiver.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
