import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dropMalformedTrace, traceContextOf, traceparentOf } from './trace-context.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

describe('a traceparent', () => {
  it('names trace, span and sampling', () => {
    assert.deepEqual(traceContextOf(`00-${TRACE}-${SPAN}-01`), { traceId: TRACE, spanId: SPAN, isSampled: true });
    assert.equal(traceContextOf(`00-${TRACE}-${SPAN}-00`)?.isSampled, false);
    assert.equal(traceContextOf(`00-${TRACE}-${SPAN}-fe`)?.isSampled, false, 'only the lowest bit counts');
  });

  it('is read like version 00 if its version is later', () => {
    assert.equal(traceContextOf(`cc-${TRACE}-${SPAN}-01`)?.traceId, TRACE);
    assert.equal(traceContextOf(`cc-${TRACE}-${SPAN}-01-what-comes-later`)?.traceId, TRACE);
    assert.equal(traceContextOf(`cc-${TRACE}-${SPAN}-01.what`), undefined);
  });

  const malformed: readonly (readonly [string, unknown])[] = [
    ['absent', undefined],
    ['empty', ''],
    ['several headers', `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
    ['a list of headers', [`00-${TRACE}-${SPAN}-01`]],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a span id of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['upper-case digits', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['the forbidden version', `ff-${TRACE}-${SPAN}-01`],
    ['a version of one digit', `0-${TRACE}-${SPAN}-01`],
    ['a short trace id', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['a long trace id', `00-${TRACE}0-${SPAN}-01`],
    ['a short span id', `00-${TRACE}-${SPAN.slice(1)}-01`],
    ['no flags', `00-${TRACE}-${SPAN}`],
    ['flags of one digit', `00-${TRACE}-${SPAN}-1`],
    ['flags that are no digits', `00-${TRACE}-${SPAN}-xy`],
    ['more members in version 00', `00-${TRACE}-${SPAN}-01-more`],
    ['a member that ends with a dash', `00-${TRACE}-${SPAN}-01-`],
    ['white space around it', ` 00-${TRACE}-${SPAN}-01`],
    ['a line break after it', `00-${TRACE}-${SPAN}-01\n`],
    ['other separators', `00_${TRACE}_${SPAN}_01`],
  ];
  for (const [what, header] of malformed) {
    it(`is malformed: ${what}`, () => assert.equal(traceContextOf(header), undefined));
  }

  it('is written in version 00', () => {
    assert.equal(traceparentOf({ traceId: TRACE, spanId: SPAN, isSampled: true }), `00-${TRACE}-${SPAN}-01`);
    assert.equal(traceparentOf({ traceId: TRACE, spanId: SPAN, isSampled: false }), `00-${TRACE}-${SPAN}-00`);
  });
});

describe('a malformed trace context', () => {
  const valid = `00-${TRACE}-${SPAN}-01`;
  const remaining = (headers: Record<string, string>): object => {
    dropMalformedTrace(headers);
    return headers;
  };

  it('is removed from the headers of a request', () => {
    assert.deepEqual(remaining({ traceparent: valid, tracestate: 'vendor=1', accept: '*/*' }), {
      traceparent: valid,
      tracestate: 'vendor=1',
      accept: '*/*',
    });
    assert.deepEqual(remaining({ traceparent: 'nonsense', tracestate: 'vendor=1' }), {});
    assert.deepEqual(remaining({ tracestate: 'vendor=1' }), {}, 'a state belongs to a trace');
  });

  it('does not remove the trace if only its state is malformed', () => {
    const members = (count: number): string => Array.from({ length: count }, (_, at) => `v${at}=1`).join(',');
    for (const tracestate of ['=1', 'vendor', 'Vendor=1', 'v=a=b', `v=${'a'.repeat(600)}`, members(33)])
      assert.deepEqual(remaining({ traceparent: valid, tracestate }), { traceparent: valid }, tracestate);
    for (const tracestate of ['', 'a=1, b=2', 'tenant@vendor=1', members(32)])
      assert.deepEqual(remaining({ traceparent: valid, tracestate }), { traceparent: valid, tracestate });
  });
});
