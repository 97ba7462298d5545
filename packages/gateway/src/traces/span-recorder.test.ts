import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { traceContextOf } from '@medkit/core';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import type { FinishedSpan } from './finished-span.ts';
import { MAX_BUFFERED_SPANS, MAX_OPEN_SPANS, SpanRecorder } from './span-recorder.ts';

const SAMPLED = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const UNSAMPLED = SAMPLED.replace(/01$/, '00');

function setUp(ratio = 0) {
  const clock = new SimulatedClock();
  const spans: FinishedSpan[] = [];
  const recorder = new SpanRecorder({ clock, random: seededRandom(3), ratio, onSpan: (span) => spans.push(span) });
  return { clock, recorder, spans, names: () => spans.map(({ name }) => name) };
}

describe('the sampling of traces', () => {
  it('follows the caller', () => {
    const { recorder, names } = setUp(1);
    recorder.begin({ name: 'kept', kind: 'server', parent: SAMPLED }).end();
    recorder.begin({ name: 'not kept', kind: 'server', parent: UNSAMPLED }).end();
    assert.deepEqual(names(), ['kept']);
  });

  it('records the configured part of the traces that begin here', () => {
    for (const [ratio, least, most] of [
      [0, 0, 0],
      [0.1, 60, 140],
      [1, 1000, 1000],
    ] as const) {
      const { recorder, spans } = setUp(ratio);
      for (let count = 0; count < 1000; count += 1) recorder.begin({ name: 'GET', kind: 'server' }).end();
      assert.ok(spans.length >= least && spans.length <= most, `${spans.length} of 1000 at ${ratio}`);
    }
  });

  it('begins a new trace for a malformed context', () => {
    const { recorder, spans } = setUp(1);
    recorder.begin({ name: 'GET', kind: 'server', parent: `${SAMPLED}x` }).end();
    assert.equal(spans[0]?.parentId, '');
    assert.notEqual(spans[0]?.traceId, traceContextOf(SAMPLED)?.traceId);
  });

  it('records a whole trace if its end shows that it is wanted', () => {
    const { recorder, names } = setUp();
    const request = recorder.begin({ name: 'request', kind: 'server', parent: UNSAMPLED });
    recorder.begin({ name: 'call', kind: 'client', parent: request.traceparent }).end();
    assert.deepEqual(names(), [], 'the call waits for the end of the request');
    request.end({ isWanted: true });
    assert.deepEqual(names(), ['call', 'request']);
  });

  it('discards the buffered spans of a trace that is not wanted, and those that end later', () => {
    const { recorder, names } = setUp();
    const request = recorder.begin({ name: 'request', kind: 'server' });
    recorder.begin({ name: 'early', kind: 'client', parent: request.traceparent }).end();
    const late = recorder.begin({ name: 'late', kind: 'client', parent: request.traceparent });
    request.end();
    late.end();
    assert.deepEqual([names(), recorder.openCount], [[], 0]);
  });

  it('reports to the called program whether the trace is recorded', () => {
    const { recorder } = setUp();
    const isSampled = (parent: string | undefined, isWanted = false) =>
      traceContextOf(recorder.begin({ name: 'x', kind: 'server', parent, isWanted }).traceparent)?.isSampled;
    assert.deepEqual(
      [isSampled(SAMPLED), isSampled(UNSAMPLED), isSampled(undefined), isSampled(undefined, true)],
      [true, false, false, true],
    );
  });
});

describe('the spans of a trace', () => {
  it('form a tree, with times of one clock', () => {
    const { clock, recorder, spans } = setUp();
    const request = recorder.begin({ name: 'request', kind: 'server', parent: SAMPLED });
    const call = recorder.begin({ name: 'call', kind: 'client', parent: request.traceparent, attributes: { a: 1 } });
    clock.advance(25);
    call.end({ attributes: () => ({ b: true }), error: 'no answer' });
    call.end();
    clock.advance(5);
    request.end({ name: 'renamed' });
    const [first, second] = spans;
    assert.equal(spans.length, 2);
    assert.deepEqual([first?.traceId, second?.traceId], Array(2).fill(traceContextOf(SAMPLED)?.traceId));
    assert.deepEqual([first?.parentId, second?.parentId], [second?.spanId, traceContextOf(SAMPLED)?.spanId]);
    assert.deepEqual([first?.attributes, first?.error, second?.name], [{ a: 1, b: true }, 'no answer', 'renamed']);
    assert.deepEqual(
      spans.map(({ startNs, endNs }) => endNs - startNs),
      [25_000_000n, 30_000_000n],
    );
  });

  it('may be recorded after they ended, with given ids', () => {
    const { recorder, spans } = setUp();
    const context = { ...traceContextOf(SAMPLED)!, spanId: '00f067aa0ba902b7' };
    const traceparent = recorder.record({ name: 'fault', kind: 'internal', context, startNs: 5n, endNs: 3n });
    recorder.record({ name: 'child', kind: 'internal', parent: traceparent, startNs: 5n, endNs: 9n });
    assert.deepEqual(
      spans.map(({ parentId, startNs, endNs }) => [parentId, startNs, endNs]),
      [
        ['', 5n, 5n],
        ['00f067aa0ba902b7', 5n, 9n],
      ],
      'a span does not end before it starts, even if the clock was set',
    );
  });

  it('are bounded in number, and the dropped ones are counted', () => {
    const { recorder, spans } = setUp();
    const request = recorder.begin({ name: 'request', kind: 'server' });
    const call = { name: 'call', kind: 'client', parent: request.traceparent } as const;
    for (let count = 0; count < MAX_BUFFERED_SPANS + 5; count += 1) recorder.begin(call).end();
    request.end({ isWanted: true });
    assert.deepEqual([spans.length, recorder.dropped], [MAX_BUFFERED_SPANS + 1, 5]);
    for (let count = 0; count < MAX_OPEN_SPANS + 3; count += 1) recorder.begin({ name: 'x', kind: 'server' });
    assert.deepEqual([recorder.openCount, recorder.dropped], [MAX_OPEN_SPANS, 8]);
  });
});
