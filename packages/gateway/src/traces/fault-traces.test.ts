import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CoreEvents, eventBus, type ObservedFault, type PastSpan, traceparentOf } from '@medkit/core';
import { fault, faultEvent } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import type { WebhookEvent } from '@medkit/webhooks';
import { FaultTraces, faultTrace, MAX_FAULT_TRACES } from './fault-traces.ts';

const BEGAN_NS = 1_770_201_000_123_456_789n;

function setUp() {
  const events = eventBus<CoreEvents>((_name, error) => assert.fail(String(error)));
  const recorded: PastSpan[] = [];
  let report: (event: ObservedFault) => void = () => undefined;
  const traces = new FaultTraces({
    tracer: {
      begin: () => assert.fail('no span begins'),
      record: (span) => {
        recorded.push(span);
        return traceparentOf(span.context ?? { ...faultTrace('span', span.name, 0) });
      },
    },
    events,
    observed: {
      listen: (onEvent) => {
        report = onEvent;
        return () => undefined;
      },
    },
    instance: 'yard',
    clock: new SimulatedClock(),
  });
  traces.start();
  const happens = (code: string, type: 'fault_cleared' | 'fault_confirmed' | 'fault_updated' = 'fault_confirmed') => {
    const subject = fault(code, { firstOccurredNs: BEGAN_NS, sources: ['/arm'] });
    const timeNs = BEGAN_NS + 2_000_000_000n;
    events.emit('fault.event', { runtime: 'ros2', event: { ...faultEvent(1, { fault: subject, timeNs }), type } });
  };
  return { traces, recorded, happens, report: (event: ObservedFault) => report(event) };
}

const webhookEvent = (data: object): WebhookEvent => ({
  id: '1',
  source: '/x',
  type: 'medkit.trigger.fired',
  timeMs: 0,
  data: JSON.stringify(data),
});

describe('the trace of a fault', () => {
  it('begins with the first report, and is named by gateway, code and start of the occurrence', () => {
    const { recorded, happens } = setUp();
    happens('JAM');
    const [first, second] = recorded;
    const context = faultTrace('yard', 'JAM', 1_770_201_000.123456);
    assert.deepEqual([first?.name, first?.context], ['fault JAM', context]);
    assert.deepEqual([first?.startNs, first?.endNs], [BEGAN_NS, BEGAN_NS + 2_000_000_000n]);
    assert.deepEqual([second?.name, second?.parent], ['fault confirmed', traceparentOf(context)]);
    assert.match(context.traceId, /^[\da-f]{32}$/);
    assert.match(context.spanId, /^[\da-f]{16}$/);
    for (const other of [faultTrace('dock', 'JAM', 1), faultTrace('yard', 'STOP', 1), faultTrace('yard', 'JAM', 2)])
      assert.notEqual(other.traceId, faultTrace('yard', 'JAM', 1).traceId);
  });

  it('has its end, but not its updates', () => {
    const { recorded, happens } = setUp();
    happens('JAM', 'fault_updated');
    assert.deepEqual(recorded, []);
    happens('JAM', 'fault_cleared');
    assert.deepEqual(
      recorded.map(({ name }) => name),
      ['fault cleared'],
    );
  });

  it('is continued by another gateway, from what the event says', () => {
    const { recorded, report } = setUp();
    const observed = (event: object, gateways = ['crane', 'dock']): ObservedFault => ({
      origin: 'dock/crane',
      id: 1,
      timeNs: BEGAN_NS,
      news: ['fault_confirmed'],
      event: event as ObservedFault['event'],
      gateways,
    });
    report(observed({ fault: { fault_code: 'JAM', first_occurred: 1_770_201_000.123456 } }));
    assert.equal(recorded[0]?.parent, traceparentOf(faultTrace('crane', 'JAM', 1_770_201_000.123456)));
    assert.equal(recorded[0]?.name, 'fault confirmed at dock/crane');
    for (const event of [{}, { fault: { fault_code: 1 } }, { fault: { fault_code: 'JAM', first_occurred: 'soon' } }])
      report(observed(event));
    report(observed({ fault: { fault_code: 'JAM', first_occurred: 1 } }, []));
    assert.equal(recorded.length, 1, 'an event without the facts continues no trace');
  });

  it('is found by what a trigger or a notification reports', () => {
    const { traces, happens } = setUp();
    happens('JAM');
    const [fired, notified] = [
      { timestamp: 'x', payload: { fault_code: 'JAM' } },
      { about: 'incident', incident: { root: 'JAM', root_origin: 'local' } },
    ].map((data) => traces.traceOf(webhookEvent(data)));
    assert.ok(fired);
    assert.equal(fired, notified);
    assert.equal(traces.traceOf({ ...webhookEvent({}), data: 'no JSON' }), undefined);
    for (const data of [
      {},
      [],
      { payload: 3 },
      { payload: { fault_code: 'OTHER' } },
      { payload: { fault_code: 'JAM', 'x-medkit': { origin: 'dock' } } },
      { about: 'meanwhile', lines: [] },
    ])
      assert.equal(traces.traceOf(webhookEvent(data)), undefined, JSON.stringify(data));
  });

  it('is found for a fault behind several gateways, whose origin names only the next one', () => {
    const { traces, report } = setUp();
    const began = 1_770_201_000.123456;
    report({
      origin: 'dock/crane',
      id: 1,
      timeNs: BEGAN_NS,
      news: ['fault_confirmed'],
      event: { fault: { fault_code: 'JAM', first_occurred: began } },
      gateways: ['crane', 'dock'],
    });
    const payload = { fault_code: 'JAM', first_occurred: began, 'x-medkit': { origin: 'dock' } };
    assert.ok(traces.traceOf(webhookEvent({ payload })));
    assert.equal(traces.traceOf(webhookEvent({ payload: { ...payload, first_occurred: 1 } })), undefined);
  });

  it('contains the capture of its evidence', () => {
    const { traces, recorded, happens } = setUp();
    const capture = { faultCode: 'JAM', occurrence: 1, requestedAtNs: BEGAN_NS, sources: ['/arm'], frames: 3 };
    traces.onCaptured(capture);
    assert.equal(recorded.length, 0, 'a capture that an earlier process began');
    happens('JAM');
    traces.onCaptured(capture);
    const [, confirmed, captured] = recorded;
    assert.deepEqual([captured?.name, captured?.startNs], ['fault captured', BEGAN_NS]);
    assert.equal(captured?.parent, traces.traceOf(webhookEvent({ payload: { fault_code: 'JAM' } })));
    assert.equal(confirmed?.name, 'fault confirmed');
    assert.equal(captured?.attributes?.['medkit.capture.frames'], 3);
  });

  it('is stored for a bounded number of faults', () => {
    const { traces, happens } = setUp();
    for (let count = 0; count <= MAX_FAULT_TRACES; count += 1) happens(`F${count}`);
    const traceOf = (code: string) => traces.traceOf(webhookEvent({ payload: { fault_code: code } }));
    assert.equal(traceOf('F0'), undefined);
    assert.ok(traceOf('F1') && traceOf(`F${MAX_FAULT_TRACES}`));
  });
});
