import type { TraceContext } from './trace-context.ts';

/** Role of a span in a trace. */
export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

/** Value of an attribute of a span. */
export type SpanValue = string | number | boolean;

/** Attributes of a span; a member without a value is omitted. */
export type SpanAttributes = Readonly<Record<string, SpanValue | undefined>>;

/** How a span begins. */
export interface SpanStart {
  readonly name: string;
  readonly kind: SpanKind;
  /** `traceparent` of the span that caused this one. Absent or malformed: the span begins a trace. */
  readonly parent?: string | undefined;
  readonly attributes?: SpanAttributes;
  /** Records the span whatever the sampling decides. */
  readonly isWanted?: boolean;
  /** Milliseconds since the operation began; 0 unless given. */
  readonly elapsedMs?: number;
}

/** How a span ended. */
export interface SpanEnd {
  /** Replaces the name of the start. */
  readonly name?: string;
  /** Attributes in addition to those of the start. Called only if the span is recorded. */
  readonly attributes?: () => SpanAttributes;
  /** Message of a failure; the span then has the status ERROR. */
  readonly error?: string | undefined;
  /** Records the span, and those below it in this gateway, whatever the sampling decided. */
  readonly isWanted?: boolean;
}

/** An operation that is in progress. */
export interface Span {
  /** Context for what the operation calls. */
  readonly traceparent: string;
  /** Ends the span. Only the first call has an effect. */
  end(end?: SpanEnd): void;
}

/** A span whose times are known only after it ended. */
export interface PastSpan extends Omit<SpanStart, 'elapsedMs' | 'isWanted'> {
  /** Ids of the span, if they are not random. */
  readonly context?: TraceContext;
  /** Wall clock, nanoseconds since the Unix epoch. */
  readonly startNs: bigint;
  readonly endNs: bigint;
}

/** Records what the gateway does as spans of traces. Absent if traces are disabled. */
export interface Tracer {
  begin(start: SpanStart): Span;
  /** Records a span that has ended. Returns its `traceparent`. */
  record(span: PastSpan): string;
}
