import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, describe, it } from 'node:test';
import { fault, faultEvent, memoryFaults } from '@medkit/core/testing';
import { systemClock, systemHttpClient, systemNames, systemRandom } from '@medkit/edges/node';
import { openTraces } from '../../packages/gateway/src/traces/open-traces.ts';
import { eventually } from '../harness/eventually.ts';
import { type OtlpCollector, otlpCollector } from '../harness/otlp-collector.ts';
import { armGateways, armRobot } from './robots.ts';

const { start, closeAll } = armGateways();
const collectors: OtlpCollector[] = [];
afterEach(async () => {
  await closeAll();
  for (const collector of collectors.splice(0)) await collector[Symbol.asyncDispose]();
});

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CLIENT = 'b7ad6b7169203331';
const BEGAN_NS = 1_770_201_000_123_456_000n;

/** Opens traces of a gateway that are sent to a collector, without waiting for a full batch. */
function tracesTo(collector: OtlpCollector, service: string, ratio = 0) {
  return openTraces({
    target: { url: `${collector.url}/v1/traces`, headers: { 'Api-Key': 'k' }, resource: { 'service.name': service } },
    ratio,
    http: systemHttpClient,
    clock: systemClock,
    random: systemRandom,
    log: () => undefined,
  });
}

/** A robot gateway `yard` and a gateway `dock` that shows it, both with traces. */
async function two() {
  const collector = await otlpCollector();
  collectors.push(collector);
  const jam = fault('JAM', { sources: ['/arm'], firstOccurredNs: BEGAN_NS });
  const event = faultEvent(1, { fault: jam, timeNs: BEGAN_NS + 500_000_000n });
  const events: (typeof event)[] = [];
  const yard = await start('yard', {
    robot: armRobot('yard', { faults: memoryFaults({ events, faults: [jam] }) }),
    traces: tracesTo(collector, 'yard'),
  });
  const dock = await start('dock', {
    peers: { yard: yard.url },
    traces: tracesTo(collector, 'dock'),
    config: { webhooks: { enabled: true, allowed_targets: ['127.0.0.1'] } },
    parts: { http: systemHttpClient, names: systemNames },
  });
  return {
    collector,
    yard,
    dock,
    happens: () => {
      events.push(event);
      yard.runtime.announce(event);
    },
  };
}

describe('the trace of a request', () => {
  it('contains the spans of both gateways, and its id is in both audit logs', async () => {
    const { collector, dock, yard } = await two();
    const headers = { traceparent: `00-${TRACE}-${CLIENT}-00`, tracestate: 'vendor=1' };
    const path = '/apps/yard_arm/configurations/rate';
    assert.equal((await dock.ask('PUT', path, { data: 2 }, headers)).status, 200);
    const found = await eventually('the spans of both gateways', async () => {
      const spans = collector.spans.filter(({ traceId }) => traceId === TRACE);
      return spans.length >= 4 && spans;
    });
    assert.deepEqual(collector.problems, []);
    assert.equal(collector.headers['api-key'], 'k');
    const named = (service: string, name: RegExp) => {
      const span = found.find((each) => each.resource['service.name'] === service && name.test(each.name));
      assert.ok(span, `${service} ${name}: ${found.map((each) => `${each.resource['service.name']} ${each.name}`)}`);
      return span;
    };
    const request = named('dock', /^PUT /);
    const forwarded = named('dock', /^forwarding send$/);
    const remote = named('yard', /^PUT /);
    const call = named('yard', /^configurations write$/);
    assert.deepEqual(
      [request, forwarded, remote, call].map(({ parentSpanId }) => parentSpanId),
      [CLIENT, request.spanId, forwarded.spanId, remote.spanId],
    );
    for (const gateway of [dock, yard]) {
      const { items } = (await gateway.ask('GET', '/x-medkit-audit')).body;
      assert.equal(items[0].request.trace_id, TRACE);
    }
  });
});

describe('the trace of a fault', () => {
  it('joins the report, the gateway of the robot, the gateway that shows it, and the webhook', async () => {
    const received: { readonly headers: IncomingHttpHeaders; readonly body: Record<string, unknown> }[] = [];
    const receiver = createServer(async (request, reply) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of request) chunks.push(chunk);
      received.push({ headers: request.headers, body: JSON.parse(String(Buffer.concat(chunks))) });
      reply.writeHead(204).end();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => receiver.once('listening', resolve));
    after(() => receiver.close());

    const { collector, dock, yard, happens } = await two();
    const { status, body } = await dock.ask('POST', '/areas/hall/triggers', {
      resource: '/api/v1/areas/hall/faults',
      trigger_condition: { condition_type: 'OnChange' },
      multishot: true,
      protocol: 'webhook',
      webhook: { url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/` },
    });
    assert.equal(status, 201, JSON.stringify(body));
    await eventually('the gateway of the robot is followed', async () => {
      const streams = (await yard.ask('GET', '/health')).body['x-medkit-event-streams'];
      return streams.clients >= 2;
    });
    happens();
    const [delivery] = await eventually('the webhook', async () => received.length > 0 && received);
    const spans = await eventually('all spans', async () => {
      const ofFault = collector.spans.filter(({ name }) => /^(?:fault|POST$)/.test(name));
      return ofFault.length >= 4 && ofFault;
    });
    assert.deepEqual(collector.problems, []);
    const [root] = spans.filter(({ parentSpanId }) => parentSpanId === '');
    assert.equal(root?.name, 'fault JAM');
    assert.deepEqual([root?.startNs, root?.endNs], [BEGAN_NS, BEGAN_NS + 500_000_000n]);
    assert.deepEqual(new Set(spans.map(({ traceId }) => traceId)), new Set([root?.traceId]));
    assert.deepEqual(spans.map(({ name, resource }) => `${resource['service.name']}: ${name}`).sort(), [
      'dock: POST',
      'dock: fault confirmed at yard',
      'yard: fault JAM',
      'yard: fault confirmed',
    ]);
    const remote = spans.find(({ name }) => name === 'fault confirmed at yard');
    const post = spans.find(({ name }) => name === 'POST');
    assert.equal(remote?.parentSpanId, root?.spanId);
    assert.equal(post?.parentSpanId, remote?.spanId);
    assert.equal(post?.attributes['http.response.status_code'], '204');
    assert.equal(delivery?.headers['traceparent'], `00-${root?.traceId}-${post?.spanId}-01`);
    assert.equal(delivery?.body['traceparent'], `00-${root?.traceId}-${remote?.spanId}-01`);
  });
});
