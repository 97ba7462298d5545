import type { Log, ProviderSpans, Runtime, RuntimeHealth, Tracer } from '@medkit/core';
import type { Clock, HttpClient, Random } from '@medkit/edges';
import { BatchForwarder } from '@medkit/entities';
import type { StoredCapture } from '@medkit/faults';
import type { WebhookTraces } from '@medkit/webhooks';
import type { RequestObserver } from '../http/repeated-reads.ts';
import type { OtlpTarget } from '../otlp/otlp-target.ts';
import { sinkHealth } from '../otlp/sink-health.ts';
import { type FaultTraceOptions, FaultTraces } from './fault-traces.ts';
import { otlpTraces } from './otlp-traces.ts';
import { providerSpans } from './provider-spans.ts';
import { RequestSpans } from './request-spans.ts';
import { SpanRecorder } from './span-recorder.ts';

/** Maximum delay of the gateway's shutdown for queued spans. */
const CLOSE_TIMEOUT_MS = 2000;

export interface TraceOptions {
  readonly target: OtlpTarget;
  /** Part of the traces without a parent that are recorded, 0 to 1. */
  readonly ratio: number;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** The traces of a gateway. */
export interface GatewayTraces {
  readonly tracer: Tracer;
  /** Records the requests of the server. */
  readonly requests: RequestObserver;
  /** Returns the context of the request that the present code serves, for the lines that it logs. */
  current(): string | undefined;
  /** Returns what records the calls to a runtime. */
  spansOf(runtime: Pick<Runtime, 'name' | 'origin'>): ProviderSpans;
  /** Begins to record faults, until the traces are closed. Returns how webhooks continue their traces. */
  followFaults(faults: Omit<FaultTraceOptions, 'clock' | 'tracer'>): WebhookTraces;
  /** Records a stored capture of evidence in the trace of its fault. */
  onCaptured(capture: StoredCapture): void;
  /** Block `x-medkit-traces` with the state of the receiver, and a warning if it is unreachable. */
  health(): RuntimeHealth;
  /** Sends queued spans, for a bounded time. */
  close(): Promise<void>;
}

/** Begins to record traces. Loaded only if traces are enabled. */
export function openTraces({ target, ratio, ...edges }: TraceOptions): GatewayTraces {
  const forwarder = new BatchForwarder({ sink: otlpTraces(target), ...edges });
  const recorder = new SpanRecorder({ ...edges, ratio, onSpan: (span) => forwarder.offer(span) });
  const requests = new RequestSpans(recorder, edges.clock);
  let faults: FaultTraces | undefined;
  return {
    tracer: recorder,
    requests,
    current: () => requests.current(),
    spansOf: (runtime) => providerSpans(recorder, runtime),
    followFaults: (sources) => {
      faults = new FaultTraces({ ...sources, tracer: recorder, clock: edges.clock });
      faults.start();
      return faults;
    },
    onCaptured: (capture) => faults?.onCaptured(capture),
    health: () =>
      sinkHealth(forwarder, {
        block: 'x-medkit-traces',
        code: 'trace_sink_unreachable',
        subject: 'Traces',
        entries: 'spans',
        figures: { open_spans: recorder.openCount, unrecorded_total: recorder.dropped },
      }),
    close: () => {
      faults?.stop();
      return forwarder.close(CLOSE_TIMEOUT_MS);
    },
  };
}
