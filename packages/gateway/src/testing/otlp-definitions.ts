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

interface PlainPoints {
  readonly dataPoints: readonly (Readonly<Record<string, unknown>> & {
    readonly attributes?: readonly PlainAttribute[];
  })[];
}

interface PlainMetrics {
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: readonly PlainAttribute[] };
    readonly scopeMetrics: readonly {
      readonly metrics: readonly {
        readonly name: string;
        readonly unit?: string;
        readonly gauge?: PlainPoints;
        readonly sum?: PlainPoints;
        readonly histogram?: PlainPoints;
      }[];
    }[];
  }[];
}

/** A metric as a collector stores it. */
export interface ReceivedMetric {
  readonly name: string;
  readonly unit: string;
  readonly kind: 'gauge' | 'histogram' | 'sum';
  /** Members as the definitions name them, with the attributes as a table. */
  readonly points: readonly (Readonly<Record<string, unknown>> & {
    readonly attributes: Readonly<Record<string, unknown>>;
  })[];
  /** Attributes of the gateway that sent it. */
  readonly resource: Readonly<Record<string, unknown>>;
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
const { trace, metrics } = opentelemetry.proto.collector;
const TRACES: MessageType = trace.v1.ExportTraceServiceRequest;
const METRICS: MessageType = metrics.v1.ExportMetricsServiceRequest;

/** Ids are hexadecimal in OTLP JSON, and base64 in the JSON of protobuf. */
const ID = /^(?:traceId|spanId|parentSpanId)$/;
const LENGTHS: Readonly<Record<string, number>> = { traceId: 32, spanId: 16, parentSpanId: 16 };

/**
 * Parses a body in OTLP JSON. Throws unless the official definitions accept all of it: no unknown member, no member of
 * another type, and nothing lost when it is encoded as protobuf.
 */
function accepted<Request>(type: MessageType, body: string): Request {
  const plain = protobufJson(JSON.parse(body)) as object;
  const message = type.fromObject(plain);
  assert.equal(type.verify(message), null);
  const back = type.toObject(type.decode(type.encode(message).finish()), { longs: String, bytes: String });
  assert.deepEqual(back, plain, 'the official definitions know every member, with its type');
  return back as Request;
}

/** Parses metrics in OTLP JSON. Throws unless the official definitions accept all of it. */
export function receivedMetrics(body: string): readonly ReceivedMetric[] {
  const { resourceMetrics } = accepted<PlainMetrics>(METRICS, body);
  return resourceMetrics.flatMap(({ resource, scopeMetrics }) =>
    scopeMetrics.flatMap(({ metrics }) =>
      metrics.map(({ name, unit = '', gauge, sum, histogram }) => ({
        name,
        unit,
        kind: gauge ? ('gauge' as const) : sum ? ('sum' as const) : ('histogram' as const),
        points: ((gauge ?? sum ?? histogram)?.dataPoints ?? []).map(({ attributes, ...point }) => ({
          ...point,
          attributes: valuesOf(attributes),
        })),
        resource: valuesOf(resource.attributes),
      })),
    ),
  );
}

/** Parses spans in OTLP JSON. Throws unless the official definitions accept all of it. */
export function receivedSpans(body: string): readonly ReceivedSpan[] {
  return accepted<PlainRequest>(TRACES, body).resourceSpans.flatMap(({ resource, scopeSpans }) =>
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
