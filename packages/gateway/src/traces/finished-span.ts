import type { SpanAttributes, SpanKind } from '@medkit/core';

/** A span as it is exported. */
export interface FinishedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Span id of the parent; empty if the span begins the trace. */
  readonly parentId: string;
  readonly name: string;
  readonly kind: SpanKind;
  /** Wall clock, nanoseconds since the Unix epoch. */
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly attributes: SpanAttributes;
  /** Message of the failure, if the operation failed. */
  readonly error?: string | undefined;
}
