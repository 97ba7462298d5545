import {
  errorMessage,
  isPromise,
  LOCAL,
  type ProviderSpans,
  type Runtime,
  type Tracer,
  withCaller,
} from '@medkit/core';
import type { SpanRecorder } from './span-recorder.ts';

/**
 * Returns the spans of the calls to one runtime, for calls that belong to a trace that may be recorded. The provider receives the context of
 * the span, so that a request to another gateway continues the trace.
 */
export function providerSpans(
  tracer: Pick<SpanRecorder, 'begin' | 'follows'>,
  { name: runtime, origin = LOCAL }: Pick<Runtime, 'name' | 'origin'>,
): ProviderSpans {
  return (method, nativeId, call, work) => {
    if (call.trace === undefined || !tracer.follows(call.trace)) return work(call);
    const span = tracer.begin({
      name: method,
      kind: 'client',
      parent: call.trace,
      attributes: { 'medkit.runtime': runtime, 'medkit.origin': origin, 'medkit.native_id': nativeId },
    });
    const failed = (error: unknown): never => {
      span.end({ error: errorMessage(error) });
      throw error;
    };
    try {
      const { deadlineMs, clientId, principal, source, via } = call;
      const traced = { deadlineMs, clientId, principal, source, via, trace: span.traceparent };
      const answer = work(withCaller(call, traced));
      if (isPromise(answer)) return answer.then((value) => ended(span, value), failed);
      return ended(span, answer);
    } catch (error) {
      return failed(error);
    }
  };
}

function ended<T>(span: ReturnType<Tracer['begin']>, answer: T): T {
  span.end();
  return answer;
}
