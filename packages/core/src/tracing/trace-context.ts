/** The part of a W3C trace context that identifies a span: https://www.w3.org/TR/trace-context/. */
export interface TraceContext {
  /** 32 lower-case hexadecimal digits. */
  readonly traceId: string;
  /** 16 lower-case hexadecimal digits. */
  readonly spanId: string;
  /** Whether the caller records the trace. */
  readonly isSampled: boolean;
}

/** Trace Context, 3.2.2: version, trace id, parent id, flags; later versions may add members. */
const TRACEPARENT = /^([\da-f]{2})-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(-.*)?$/;
/** Trace Context, 3.3.1.1: maximum members of a list, and the characters that every receiver accepts. */
const MAX_TRACESTATE_MEMBERS = 32;
const MAX_TRACESTATE_LENGTH = 512;
const TRACESTATE_MEMBER =
  /^[a-z\d][a-z\d_\-*/@]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/** Parses a `traceparent`; returns `undefined` if it is absent or malformed, so that the caller starts a new trace. */
export function traceContextOf(traceparent: unknown): TraceContext | undefined {
  if (typeof traceparent !== 'string') return undefined;
  const [, version, traceId, spanId, flags = '', more] = TRACEPARENT.exec(traceparent) ?? [];
  if (traceId === undefined || spanId === undefined || version === 'ff') return undefined;
  if (version === '00' && more !== undefined) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** Returns the `traceparent` of version 00. */
export function traceparentOf({ traceId, spanId, isSampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
}

/** Removes a malformed trace context from the headers of a request, so that no other program receives it. */
export function dropMalformedTrace(headers: Record<string, string | readonly string[] | undefined>): void {
  const { traceparent, tracestate } = headers;
  if (traceparent !== undefined && traceContextOf(traceparent) === undefined) delete headers['traceparent'];
  if (tracestate === undefined) return;
  if (headers['traceparent'] === undefined || !isTracestate(tracestate)) delete headers['tracestate'];
}

function isTracestate(text: unknown): boolean {
  if (typeof text !== 'string' || text.length > MAX_TRACESTATE_LENGTH) return false;
  const members = text.split(',').map((member) => member.trim());
  return (
    members.length <= MAX_TRACESTATE_MEMBERS &&
    members.every((member) => member === '' || TRACESTATE_MEMBER.test(member))
  );
}
