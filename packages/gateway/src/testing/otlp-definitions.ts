import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

/** A message of the official protobuf definitions of OpenTelemetry, as protobuf.js generates it. */
interface MessageType {
  verify(message: object): string | null;
  fromObject(plain: object): object;
  encode(message: object): { finish(): Uint8Array };
  decode(octets: Uint8Array): object;
  toObject(message: object, how: object): object;
}

interface PlainAttribute {
  readonly key: string;
  readonly value: object;
}

/** A request in the JSON of protobuf. */
interface PlainRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly PlainAttribute[] };
    readonly scopeSpans: readonly { readonly scope: { readonly name: string }; readonly spans: readonly PlainSpan[] }[];
  }[];
}

interface PlainSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: readonly PlainAttribute[];
  readonly status?: { readonly message: string };
}

/** A span as a collector stores it. Ids are hexadecimal; the parent is empty for the first span of a trace. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: number;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly error: string | undefined;
  /** Attributes of the gateway that recorded it. */
  readonly resource: Readonly<Record<string, unknown>>;
}

// The package of the OpenTelemetry project contains its definitions as code; it does not export them.
const load = createRequire(import.meta.url);
const { opentelemetry } = load(
  load.resolve('@opentelemetry/otlp-transformer').replace(/index\.js$/, 'generated/root.js'),
);
const REQUEST: MessageType = opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;

/** Ids are hexadecimal in OTLP JSON, and base64 in the JSON of protobuf. */
const ID = /^(?:traceId|spanId|parentSpanId)$/;
const LENGTHS: Readonly<Record<string, number>> = { traceId: 32, spanId: 16, parentSpanId: 16 };

/**
 * Parses a body in OTLP JSON. Throws unless the official definitions accept all of it: no unknown member, no member of
 * another type, and nothing lost when it is encoded as protobuf.
 */
export function receivedSpans(body: string): readonly ReceivedSpan[] {
  const plain = protobufJson(JSON.parse(body)) as PlainRequest;
  const message = REQUEST.fromObject(plain);
  assert.equal(REQUEST.verify(message), null);
  const back = REQUEST.toObject(REQUEST.decode(REQUEST.encode(message).finish()), { longs: String, bytes: String });
  assert.deepEqual(back, plain, 'the official definitions know every member, with its type');
  return (back as PlainRequest).resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) => {
      assert.equal(scope.name, 'medkit');
      return spans.map((span) => ({
        traceId: hexadecimal(span.traceId),
        spanId: hexadecimal(span.spanId),
        parentSpanId: hexadecimal(span.parentSpanId ?? ''),
        name: span.name,
        kind: span.kind,
        startNs: BigInt(span.startTimeUnixNano),
        endNs: BigInt(span.endTimeUnixNano),
        attributes: valuesOf(span.attributes),
        error: span.status?.message,
        resource: valuesOf(resource.attributes),
      }));
    }),
  );
}

/** Converts OTLP JSON to the JSON of protobuf, which differs only in the ids. */
function protobufJson(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => protobufJson(item));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, protobufJson(member, name)]));
  if (!ID.test(key)) return value;
  assert.match(String(value), /^[\da-f]+$/, `${key} is hexadecimal`);
  assert.equal(String(value).length, LENGTHS[key], key);
  return Buffer.from(String(value), 'hex').toString('base64');
}

function hexadecimal(base64: string): string {
  return Buffer.from(base64, 'base64').toString('hex');
}

function valuesOf(attributes: readonly PlainAttribute[] = []) {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
