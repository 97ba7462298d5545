import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { receivedSpans } from '../testing/otlp-definitions.ts';
import type { FinishedSpan } from './finished-span.ts';
import { encodeSpans, otlpTraces } from './otlp-traces.ts';

const SPAN: FinishedSpan = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  parentId: '00f067aa0ba902b7',
  name: 'GET /api/v1/apps',
  kind: 'server',
  startNs: 1_770_201_000_123_456_789n,
  endNs: 1_770_201_000_223_456_789n,
  attributes: { text: 'a', whole: 200, part: 0.5, flag: true, absent: undefined },
  error: 'HTTP 500',
};

const sink = otlpTraces({
  url: 'http://collector:4318/v1/traces',
  headers: { 'Api-Key': 'k' },
  resource: { 'service.name': 'medkit' },
});

describe('spans for a collector', () => {
  it('are accepted by the official definitions, with exact times and hexadecimal ids', () => {
    const first = { ...SPAN, spanId: SPAN.parentId, parentId: '', kind: 'internal', error: undefined } as const;
    const [whole, root] = receivedSpans(JSON.stringify(encodeSpans([SPAN, first], { 'service.name': 'medkit' })));
    const { attributes: _, kind: _kind, parentId, ...fields } = SPAN;
    assert.deepEqual(whole, {
      ...fields,
      parentSpanId: parentId,
      kind: 2,
      attributes: { text: 'a', whole: '200', part: 0.5, flag: true },
      resource: { 'service.name': 'medkit' },
    });
    assert.deepEqual([root?.parentSpanId, root?.kind, root?.error], ['', 1, undefined]);
  });

  it('are rejected by them if a member is unknown or has another type', () => {
    const wrong = (change: object) => {
      const request = structuredClone(encodeSpans([SPAN], {}));
      Object.assign(request.resourceSpans[0]?.scopeSpans[0]?.spans[0] ?? {}, change);
      return () => receivedSpans(JSON.stringify(request));
    };
    assert.throws(wrong({ parent_id: 'x' }));
    assert.throws(wrong({ startTimeUnixNano: 1_770_201_000_123_456_789n.toString(16) }));
    assert.throws(wrong({ traceId: 'CvdlGRbNQ92ESOshHIAxnA==' }), /hexadecimal/);
  });

  it('are sent compressed, with the configured headers', async () => {
    const { url, headers, body } = await sink.request([SPAN]);
    assert.equal(url, 'http://collector:4318/v1/traces');
    assert.deepEqual(headers, { 'Api-Key': 'k', 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' });
    assert.equal(receivedSpans(gunzipSync(body as Uint8Array).toString()).length, 1);
  });

  it('are sent again only after the statuses that OTLP names, and not if the collector rejected them', () => {
    const verdict = (status: number, body = '') => {
      const { retry, refused } = sink.verdict({ status, headers: {}, body }, [SPAN]);
      return [retry.length, refused];
    };
    assert.deepEqual(
      [429, 502, 503, 504].map((status) => verdict(status)),
      Array(4).fill([1, 0]),
    );
    assert.deepEqual(
      [301, 400, 404, 500].map((status) => verdict(status)),
      Array(4).fill([0, 1]),
    );
    assert.deepEqual(verdict(200), [0, 0]);
    assert.deepEqual(verdict(200, '{"partialSuccess":{"rejectedSpans":"1"}}'), [0, 1]);
  });
});
