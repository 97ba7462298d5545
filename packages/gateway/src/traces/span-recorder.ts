import {
  type PastSpan,
  type Span,
  type SpanStart,
  type TraceContext,
  type Tracer,
  traceContextOf,
  traceparentOf,
} from '@medkit/core';
import type { Clock, Random } from '@medkit/edges';
import type { FinishedSpan } from './finished-span.ts';

/** Maximum spans in progress: more than the requests and calls that the gateway admits together. */
export const MAX_OPEN_SPANS = 8192;
/** Maximum ended spans that wait for the end of the first span of their trace, for each trace. */
export const MAX_BUFFERED_SPANS = 256;
/** Random bytes that are drawn together: a call of the system costs more than an id. */
const POOL_BYTES = 3072;

type SpanEnd = Parameters<Span['end']>[0];

export interface SpanRecorderOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Part of the traces without a parent that are recorded, 0 to 1. */
  readonly ratio: number;
  /** Receives each recorded span. */
  readonly onSpan: (span: FinishedSpan) => void;
}

/** The spans of one trace in this gateway, below the first of them. */
interface LocalTrace {
  readonly buffered: FinishedSpan[];
  /** Whether the spans are recorded; `undefined` until the first span ends, unless it is certain earlier. */
  isRecorded: boolean | undefined;
}

/**
 * Records spans. The decision is that of the caller, or random for a new trace; spans are buffered until the first span
 * of the trace in this gateway ends, because its end may show that the trace is wanted: it failed, or took long.
 */
export class SpanRecorder implements Tracer {
  readonly #options: SpanRecorderOptions;
  /** By span id. */
  readonly #open = new Map<string, LocalTrace>();
  /** Random bytes for ids, and how many of them are used. */
  #pool = Buffer.alloc(0);
  #used = 0;
  #dropped = 0;

  constructor(options: SpanRecorderOptions) {
    this.#options = options;
  }

  /** Spans that were not recorded because too many are in progress or wait for the end of their trace. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Spans in progress. */
  get openCount(): number {
    return this.#open.size;
  }

  begin(start: SpanStart): Span {
    const parent = traceContextOf(start.parent);
    const enclosing = parent && this.#open.get(parent.spanId);
    const isSampled = start.isWanted === true || (enclosing?.isRecorded ?? this.#samples(parent));
    const context: TraceContext = { traceId: parent?.traceId ?? this.#id(16), spanId: this.#id(8), isSampled };
    if (this.#open.size >= MAX_OPEN_SPANS) {
      this.#dropped += 1;
      return { traceparent: traceparentOf(context), end: () => undefined };
    }
    const trace: LocalTrace = enclosing ?? { buffered: [], isRecorded: isSampled || undefined };
    this.#open.set(context.spanId, trace);
    const { clock } = this.#options;
    const { elapsedMs = 0 } = start;
    const startNs = clock.wallNs() - nanoseconds(elapsedMs);
    const beganMs = clock.monotonicMs() - elapsedMs;
    return {
      traceparent: traceparentOf(context),
      end: (end) => {
        if (!this.#open.delete(context.spanId)) return;
        const isWanted = start.isWanted === true || end?.isWanted === true;
        if (isWanted) this.#decide(trace, true);
        if (trace.isRecorded !== false) {
          // The duration is monotonic: the wall clock may be set while the span lasts.
          const endNs = startNs + nanoseconds(clock.monotonicMs() - beganMs);
          this.#add(trace, { ...finished(start, context, parent, end), startNs, endNs });
        }
        if (!enclosing) this.#decide(trace, trace.isRecorded ?? false);
      },
    };
  }

  record(span: PastSpan): string {
    const parent = traceContextOf(span.parent);
    const { traceId = parent?.traceId ?? this.#id(16), spanId = this.#id(8) } = span.context ?? {};
    const context = { traceId, spanId, isSampled: true };
    const { startNs, endNs } = span;
    this.#options.onSpan({ ...finished(span, context, parent), startNs, endNs: endNs < startNs ? startNs : endNs });
    return traceparentOf(context);
  }

  /** Returns whether a span that begins a trace here, or continues that of `traceparent`, is recorded. */
  samples(traceparent: string | undefined): boolean {
    return this.#samples(traceContextOf(traceparent));
  }

  /** Returns whether a span below that of `traceparent` may be recorded: the trace is, or its end here will decide. */
  follows(traceparent: string): boolean {
    const parent = traceContextOf(traceparent);
    return parent !== undefined && (parent.isSampled || this.#open.has(parent.spanId));
  }

  #samples(parent: TraceContext | undefined): boolean {
    const { ratio, random } = this.#options;
    return parent ? parent.isSampled : ratio > 0 && random.float() < ratio;
  }

  #add(trace: LocalTrace, span: FinishedSpan): void {
    if (trace.isRecorded) this.#options.onSpan(span);
    else if (trace.buffered.length < MAX_BUFFERED_SPANS) trace.buffered.push(span);
    else this.#dropped += 1;
  }

  #decide(trace: LocalTrace, isRecorded: boolean): void {
    trace.isRecorded = isRecorded;
    for (const span of trace.buffered.splice(0)) if (isRecorded) this.#options.onSpan(span);
  }

  #id(length: number): string {
    if (this.#used + length > this.#pool.length) {
      this.#pool = Buffer.from(this.#options.random.bytes(POOL_BYTES));
      this.#used = 0;
    }
    this.#used += length;
    return this.#pool.toString('hex', this.#used - length, this.#used);
  }
}

function nanoseconds(ms: number): bigint {
  return BigInt(Math.max(0, Math.round(ms * 1e6)));
}

function finished(
  { name, kind, attributes }: SpanStart,
  { traceId, spanId }: TraceContext,
  parent: TraceContext | undefined,
  end?: SpanEnd,
): Omit<FinishedSpan, 'endNs' | 'startNs'> {
  return {
    traceId,
    spanId,
    parentId: parent?.spanId ?? '',
    name: end?.name ?? name,
    kind,
    attributes: end?.attributes ? { ...attributes, ...end.attributes() } : (attributes ?? {}),
    error: end?.error,
  };
}
