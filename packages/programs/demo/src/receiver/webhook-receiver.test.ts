import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { openWebhookReceiver } from './webhook-receiver.ts';

test('deliveries are listed, the newest first, with the result of the signature check', async () => {
  const clock = new SimulatedClock();
  const receiver = await openWebhookReceiver(clock);
  const deliver = (id: string, body: string, key: Buffer, atMs = clock.wallMs()) => {
    const timestamp = String(Math.round(atMs / 1000));
    const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
    const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
    return fetch(receiver.url, { method: 'POST', headers, body }).then(({ status }) => status);
  };
  const listed = async () => ((await (await fetch(receiver.url)).json()) as { items: Record<string, unknown>[] }).items;
  const key = Buffer.from(receiver.secret.slice('whsec_'.length), 'base64');

  assert.deepEqual(await listed(), []);
  assert.equal(await deliver('msg_1', '{"type": "medkit.trigger.fired"}', key), 204);
  assert.equal(await deliver('msg_2', '{}', Buffer.from('another')), 204);
  assert.equal(await deliver('msg_3', '{}', key, clock.wallMs() - 600_000), 204);
  assert.deepEqual(
    (await listed()).map(({ id, signature }) => [id, signature]),
    [
      ['msg_3', 'wrong'],
      ['msg_2', 'wrong'],
      ['msg_1', 'valid'],
    ],
  );
  assert.deepEqual((await listed())[2]?.event, { type: 'medkit.trigger.fired' });
  assert.equal(await deliver('msg_4', 'no JSON', key), 400);
  assert.equal(await deliver('msg_5', `"${'x'.repeat(300_000)}"`, key), 400);
  assert.equal((await fetch(receiver.url, { method: 'DELETE' })).status, 405);
  assert.equal((await listed()).length, 3);
  await receiver.close();
});
