import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HttpReply } from '@medkit/edges';
import type { ReceiverRequest, Receivers } from './receiver.ts';
import { receiverUrl } from './target/receiver-url.ts';
import { eventOf, RECEIVER, setUp } from './testing/webhook-stage.ts';

const ONCALL = { url: receiverUrl('oncall') };
const SECRET = 'T0/B0/verySecret';

/** One receiver, `oncall`, in the robot's private network. */
function receiversOf(request: Partial<ReceiverRequest> = {}): Receivers {
  return {
    requestOf: async (name, { data }) =>
      name === 'oncall'
        ? {
            method: 'PUT',
            url: `http://10.0.0.7/${SECRET}`,
            headers: { 'Content-Type': 'text/plain', Authorization: 'Bearer 1' },
            body: `told: ${data}`,
            secrets: [SECRET],
            ...request,
          }
        : undefined,
  };
}

describe('a message to a receiver of the configuration', () => {
  it('is rendered when it is sent, also to a private address, and in the order of its source', async () => {
    const { enter, http, store, webhooks, clock } = await setUp({ receivers: receiversOf() });
    http.answer = ({ body }): Partial<HttpReply> =>
      body === 'told: 1' && http.requests.length === 1 ? { status: 500 } : {};
    await enter('/a', [1, 2], ONCALL);
    await clock.advanceAsync(1200, 50);
    assert.deepEqual(
      http.requests.map(({ body }) => body),
      ['told: 1', 'told: 1', 'told: 2'],
    );
    const [{ method, url, address, headers } = assert.fail()] = http.requests;
    assert.deepEqual([method, url, address], ['PUT', `http://10.0.0.7/${SECRET}`, undefined]);
    assert.deepEqual(headers, { 'User-Agent': 'medkit', 'Content-Type': 'text/plain', Authorization: 'Bearer 1' });
    assert.deepEqual(await store.read('SELECT * FROM webhook_deliveries'), []);
    const [facts] = webhooks.facts().targets;
    assert.deepEqual([facts?.receiver, facts?.origin, facts?.delivered], ['oncall', 'receiver:oncall', 2]);
    const agoMs = clock.wallMs() - (facts?.lastDeliveredMs ?? 0);
    assert.ok(agoMs >= 0 && agoMs < 1200, String(agoMs));
    await webhooks.close();
  });

  it('never shows its secrets on disk or in reports', async () => {
    const { enter, http, store, webhooks, logged, clock } = await setUp({ receivers: receiversOf() });
    http.answer = () => ({ status: 302, headers: { location: `https://elsewhere.example/${SECRET}` } });
    await enter('/a', [1], ONCALL);
    await clock.advanceAsync(10_000, 100);
    http.answer = ({ url }) => {
      throw new Error(`connect ECONNREFUSED ${'x'.repeat(180)} ${url}`);
    };
    await clock.advanceAsync(60_000, 500);
    const { signal } = new AbortController();
    http.answer = () => ({ status: 403, body: `no such path /${SECRET}` });
    const fired = await webhooks.fire(ONCALL, eventOf('/a', 2, 2), signal);
    assert.deepEqual([fired.status, fired.reply, fired.error], [403, 'no such path /…', 'HTTP 403: no such path /…']);
    const rows = [
      ...(await store.read('SELECT * FROM webhook_deliveries')),
      ...(await store.read('SELECT * FROM webhook_targets')),
      ...(await webhooks.list({ after: 0, limit: 10 })),
    ];
    const output = JSON.stringify([rows, webhooks.facts(), logged]);
    assert.match(output, /ECONNREFUSED/);
    assert.ok(!output.includes('verySecret') && !output.includes('T0/'), output);
    assert.ok((webhooks.facts().targets[0]?.failingMs ?? 0) > 15_000);
    await webhooks.close();
  });

  it('becomes a dead letter if its receiver was removed, and waits if it cannot be rendered now', async () => {
    const made: Receivers = { requestOf: async () => assert.fail('the disk is full') };
    const { enter, webhooks, store, clock } = await setUp({ receivers: made });
    await enter('/a', [1], ONCALL);
    assert.deepEqual([webhooks.facts().dead, webhooks.facts().targets[0]?.lastError], [0, 'the disk is full']);
    await webhooks.close();
    const second = await setUp({ receivers: { requestOf: async () => undefined } }, { clock, store });
    await clock.advanceAsync(20);
    assert.equal(second.webhooks.facts().dead, 1);
    const [row] = await second.webhooks.list({ status: 'dead', after: 0, limit: 1 });
    assert.match(row?.lastError ?? '', /the configuration has no receiver oncall/);
    await second.webhooks.close();
  });

  it('is the only one delivered if webhooks of clients are disabled', async () => {
    const { enter, http, webhooks } = await setUp({ receivers: receiversOf(), onlyReceivers: true });
    await enter('/a', [1], RECEIVER);
    await enter('/b', [2], ONCALL);
    assert.deepEqual(
      http.requests.map(({ body }) => body),
      ['told: 2'],
    );
    assert.equal((await webhooks.list({ after: 0, limit: 10 })).length, 1);
    await webhooks.close();
  });

  it('cannot be addressed by a client', async () => {
    const { webhooks } = await setUp({ receivers: receiversOf() });
    assert.match(webhooks.problemOf(ONCALL) ?? '', /does not begin with `https:` or `http:`/);
    await webhooks.close();
  });
});
