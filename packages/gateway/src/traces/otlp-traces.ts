import { VERSION } from '@medkit/contract';
import type { SpanAttributes, SpanKind } from '@medkit/core';
import { type BatchSink, otlpVerdict } from '@medkit/entities';
import { otlpAttributes, otlpRequest } from '../otlp/otlp-json.ts';
import type { OtlpTarget } from '../otlp/otlp-target.ts';
import type { FinishedSpan } from './finished-span.ts';

/** SpanKind of the OpenTelemetry trace data model. */
const KINDS: Readonly<Record<SpanKind, number>> = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 };
/** Status.StatusCode of a span that failed. */
const STATUS_ERROR = 2;
/** Characters of an encoded span without its texts. */
const SPAN_CHARACTERS = 300;

/** An OpenTelemetry collector, or any receiver of OTLP over HTTP with JSON. */
export function otlpTraces(target: OtlpTarget): BatchSink<FinishedSpan> {
  return {
    name: 'otlp',
    title: 'Trace sink otlp',
    origin: new URL(target.url).origin,
    request: (spans) => otlpRequest(target, JSON.stringify(encodeSpans(spans, target.resource))),
    verdict: (reply, spans) => otlpVerdict(reply, spans, 'rejectedSpans'),
    charactersOf: ({ name, error = '', attributes }) =>
      Object.entries(attributes).reduce(
        (sum, [key, value]) => sum + key.length + String(value).length,
        SPAN_CHARACTERS + name.length + error.length,
      ),
  };
}

/** Returns an ExportTraceServiceRequest in OTLP JSON, where ids are hexadecimal and 64-bit integers are strings. */
export function encodeSpans(spans: readonly FinishedSpan[], resource: SpanAttributes) {
  return {
    resourceSpans: [
      {
        resource: { attributes: otlpAttributes(resource) },
        scopeSpans: [{ scope: { name: 'medkit', version: VERSION }, spans: spans.map(encodeSpan) }],
      },
    ],
  };
}

function encodeSpan({ traceId, spanId, parentId, name, kind, startNs, endNs, attributes, error }: FinishedSpan) {
  return {
    traceId,
    spanId,
    ...(parentId !== '' && { parentSpanId: parentId }),
    name,
    kind: KINDS[kind],
    startTimeUnixNano: `${startNs}`,
    endTimeUnixNano: `${endNs}`,
    attributes: otlpAttributes(attributes),
    ...(error !== undefined && { status: { code: STATUS_ERROR, message: error } }),
  };
}
