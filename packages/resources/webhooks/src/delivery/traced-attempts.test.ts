import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { receiverUrl } from '../target/receiver-url.ts';
import { RECEIVER, setUp } from '../testing/webhook-stage.ts';
import type { WebhookEvent, WebhookTraces } from '../webhook.ts';

const EVENT_SPAN = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const attemptSpan = (number: number): string =>
  `00-0af7651916cd43dd8448eb211c80319c-${`${number}`.padStart(16, '0')}-01`;

/** Webhooks whose events of the source `/traced` belong to a trace. */
async function tracedWebhooks() {
  const attempts: string[] = [];
  const traces: WebhookTraces = {
    traceOf: ({ source }) => (source === '/traced' ? EVENT_SPAN : undefined),
    begin: ({ parent, target, isReceiver, resent }) => {
      assert.equal(parent, EVENT_SPAN);
      const traceparent = attemptSpan(attempts.length + 1);
      const at = attempts.push('open') - 1;
      return {
        traceparent,
        end: ({ status, error }) => {
          attempts[at] = `${isReceiver ? 'receiver' : 'webhook'} ${target} ${resent} ${status} ${error}`;
        },
      };
    },
  };
  const receivers = {
    requestOf: async (_name: string, { data }: { readonly data: string }) => ({
      method: 'POST' as const,
      url: 'http://10.0.0.7/',
      headers: {},
      body: `read: ${data}`,
      secrets: [],
    }),
  };
  const stage = await setUp({ traces, receivers });
  const deliver = async (event: Partial<WebhookEvent>, webhook = RECEIVER): Promise<void> => {
    const whole = { id: '1', source: '/traced', type: 'medkit.test', timeMs: 0, data: '{"a":1}', ...event };
    await stage.store.write(stage.webhooks.outboxStatements(webhook, whole));
    stage.webhooks.wake();
    await stage.clock.advanceAsync(5);
  };
  return { ...stage, attempts, deliver };
}

describe('a delivery of an event that is traced', () => {
  it('names the event in the CloudEvent, and each attempt in the header', async () => {
    const { http, attempts, deliver, clock, webhooks } = await tracedWebhooks();
    http.answer = () => (http.requests.length === 1 ? { status: 503 } : { status: 204 });
    await deliver({});
    await clock.advanceAsync(5000, 50);
    assert.deepEqual(
      http.requests.map(({ headers }) => headers['traceparent']),
      [attemptSpan(1), attemptSpan(2)],
    );
    for (const { body } of http.requests) assert.equal(JSON.parse(String(body)).traceparent, EVENT_SPAN);
    assert.match(attempts[0] ?? '', /^webhook receiver\.example 0 503 /);
    assert.equal(attempts[1], 'webhook receiver.example 1 204 undefined');
    await webhooks.close();
  });

  it('names the attempt to a receiver of the configuration, also if its data is not JSON', async () => {
    const { http, attempts, deliver, webhooks } = await tracedWebhooks();
    const oncall = { url: receiverUrl('oncall') };
    await deliver({}, oncall);
    for (const data of ['some text', '{}', '{some text}', '[1]']) await deliver({ id: data, data }, oncall);
    assert.deepEqual(
      http.requests.map(({ headers, body }) => [headers['traceparent'], body]),
      [
        [attemptSpan(1), `read: {"a":1,"traceparent":"${EVENT_SPAN}"}`],
        ...['some text', '{}', '{some text}', '[1]'].map((data) => [undefined, `read: ${data}`]),
      ],
    );
    assert.deepEqual(attempts, ['receiver oncall 0 200 undefined']);
    await webhooks.close();
  });

  it('has no trace if the event has none', async () => {
    const { http, attempts, deliver, webhooks } = await tracedWebhooks();
    await deliver({ source: '/other' });
    assert.equal(http.requests[0]?.headers['traceparent'], undefined);
    assert.equal('traceparent' in JSON.parse(String(http.requests[0]?.body)), false);
    assert.deepEqual(attempts, []);
    await webhooks.close();
  });
});
