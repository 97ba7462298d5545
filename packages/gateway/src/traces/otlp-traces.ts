import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { VERSION } from '@medkit/contract';
import type { SpanAttributes, SpanKind, SpanValue } from '@medkit/core';
import { type BatchSink, type OtlpAttribute, otlpVerdict } from '@medkit/entities';
import type { FinishedSpan } from './finished-span.ts';

/** SpanKind of the OpenTelemetry trace data model. */
const KINDS: Readonly<Record<SpanKind, number>> = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 };
/** Status.StatusCode of a span that failed. */
const STATUS_ERROR = 2;
/** Characters of an encoded span without its texts. */
const SPAN_CHARACTERS = 300;

/** Where spans are sent, and what every request includes. */
export interface TraceTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Attributes of the resource: the gateway that records the spans. */
  readonly resource: SpanAttributes;
}

const compressed = promisify(gzip);

/** An OpenTelemetry collector, or any receiver of OTLP over HTTP with JSON. Compresses in a thread of the system pool. */
export function otlpTraces({ url, headers, resource }: TraceTarget): BatchSink<FinishedSpan> {
  return {
    name: 'otlp',
    title: 'Trace sink otlp',
    origin: new URL(url).origin,
    request: async (spans) => ({
      url,
      headers: { ...headers, 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
      body: new Uint8Array(await compressed(JSON.stringify(encodeSpans(spans, resource)))),
    }),
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
        resource: { attributes: attributesOf(resource) },
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
    attributes: attributesOf(attributes),
    ...(error !== undefined && { status: { code: STATUS_ERROR, message: error } }),
  };
}

function attributesOf(attributes: SpanAttributes): readonly OtlpAttribute[] {
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: encodeValue(value) }],
  );
}

function encodeValue(value: SpanValue): OtlpAttribute['value'] {
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'string') return { stringValue: value };
  return Number.isSafeInteger(value) ? { intValue: `${value}` } : { doubleValue: value };
}
