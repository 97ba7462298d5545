import { createHash } from 'node:crypto';
import {
  type FaultEvent,
  fieldsOf,
  type JsonValue,
  LOCAL,
  type Model,
  type ObservedFault,
  type Origin,
  parseJson,
  type SpanAttributes,
  streamEventTypes,
  type TraceContext,
  type Tracer,
  traceparentOf,
} from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { WebhookEvent, WebhookTraces } from '@medkit/webhooks';
import type { ObservedLogs } from '../fault-stream/observed-logs.ts';

/** Maximum faults whose trace is stored for their notifications; the oldest is removed. */
export const MAX_FAULT_TRACES = 1000;

export interface FaultTraceOptions {
  readonly tracer: Tracer;
  readonly events: Pick<Model['events'], 'on'>;
  /** The fault logs of peers; absent if the gateway has no peers. */
  readonly observed: Pick<ObservedLogs, 'listen'> | undefined;
  /** Name of this gateway among its peers; unique. */
  readonly instance: string;
  readonly clock: Pick<Clock, 'wallNs'>;
}

/** Events that a trace contains; updates are evidence and further reports. */
type TracedNews = 'fault_confirmed' | 'fault_healed' | 'fault_cleared';
const NAMES: Readonly<Record<TracedNews, string>> = {
  fault_confirmed: 'fault confirmed',
  fault_healed: 'fault healed',
  fault_cleared: 'fault cleared',
};

/**
 * Records each occurrence of a fault as one trace: from its first report to its confirmation, and to the webhooks and
 * notifications about it. The ids follow from the gateway, the fault code and the start of the occurrence. So every
 * gateway that receives the fault continues the same trace, also after a restart.
 */
export class FaultTraces implements WebhookTraces {
  readonly #options: FaultTraceOptions;
  /** `traceparent` by origin and fault code, oldest first. */
  readonly #traces = new Map<string, string>();
  #stops: readonly (() => void)[] = [];

  constructor(options: FaultTraceOptions) {
    this.#options = options;
  }

  /** Begins to record. Call it before other listeners of faults are added, since these may notify. */
  start(): void {
    const { events, observed } = this.#options;
    this.#stops = [
      events.on('fault.event', ({ event, origin = LOCAL }) => {
        if (origin === LOCAL) this.#onLocal(event);
      }),
      ...(observed
        ? [
            observed.listen(
              (event) => this.#onRemote(event),
              () => undefined,
            ),
          ]
        : []),
    ];
  }

  stop(): void {
    for (const stop of this.#stops) stop();
  }

  /** Returns the trace of the fault that a trigger or a notification is about. */
  traceOf({ data }: WebhookEvent): string | undefined {
    const event = fieldsOf(parsed(data));
    const [fault, found] = [fieldsOf(event?.['payload']), fieldsOf(event?.['incident'])];
    if (typeof found?.['root'] === 'string') return this.#traceOf(found['root_origin'], found['root']);
    if (typeof fault?.['fault_code'] !== 'string') return undefined;
    return this.#traceOf(fieldsOf(fault['x-medkit'])?.['origin'] ?? LOCAL, fault['fault_code']);
  }

  begin({ parent, messageId, target, isReceiver, resent }: Parameters<WebhookTraces['begin']>[0]) {
    const span = this.#options.tracer.begin({
      name: isReceiver ? `notify ${target}` : 'POST',
      kind: 'client',
      parent,
      isWanted: true,
      attributes: {
        ...(isReceiver ? {} : { 'http.request.method': 'POST', 'server.address': target }),
        'http.request.resend_count': resent > 0 ? resent : undefined,
        'medkit.message_id': messageId,
      },
    });
    return {
      traceparent: span.traceparent,
      end: ({ status, error }: { readonly status?: number | undefined; readonly error?: string | undefined }) =>
        span.end({ attributes: () => ({ 'http.response.status_code': status }), error }),
    };
  }

  #onLocal(event: FaultEvent): void {
    const news = streamEventTypes(event)[0];
    if (!isTraced(news)) return;
    const { tracer, instance, clock } = this.#options;
    const { code, severity, sources, occurrenceCount, firstOccurredNs } = event.fault;
    const context = faultTrace(instance, code, Number(firstOccurredNs / 1000n) / 1e6);
    const attributes: SpanAttributes = {
      'medkit.fault.code': code,
      'medkit.fault.severity': severity,
      'medkit.fault.occurrence': occurrenceCount,
      'medkit.fault.sources': sources.join(', '),
    };
    // The time until the fault was confirmed is the time that its debounce took.
    if (news === 'fault_confirmed') {
      const startNs = firstOccurredNs;
      tracer.record({ name: `fault ${code}`, kind: 'internal', context, startNs, endNs: event.timeNs, attributes });
    }
    const parent = traceparentOf(context);
    const times = { startNs: event.timeNs, endNs: clock.wallNs() };
    this.#keep(LOCAL, code, tracer.record({ name: NAMES[news], kind: 'producer', parent, attributes, ...times }));
  }

  #onRemote({ origin, timeNs, news: [news], event, gateways: [owner] }: ObservedFault): void {
    const fault = fieldsOf(event['fault']);
    const { fault_code: code, first_occurred: began } = fault ?? {};
    if (!isTraced(news) || typeof code !== 'string' || typeof began !== 'number' || owner === undefined) return;
    const { tracer, clock } = this.#options;
    const nowNs = clock.wallNs();
    const traceparent = tracer.record({
      name: `${NAMES[news]} at ${origin}`,
      kind: 'consumer',
      parent: traceparentOf(faultTrace(owner, code, began)),
      startNs: nowNs,
      endNs: nowNs,
      attributes: {
        'medkit.fault.code': code,
        'medkit.origin': origin,
        // By the clock of that gateway.
        'medkit.event.time': new Date(Number(timeNs / 1_000_000n)).toISOString(),
      },
    });
    this.#keep(origin, code, traceparent);
  }

  #keep(origin: Origin, code: string, traceparent: string): void {
    const key = `${origin} ${code}`;
    this.#traces.delete(key);
    this.#traces.set(key, traceparent);
    if (this.#traces.size <= MAX_FAULT_TRACES) return;
    const [oldest] = this.#traces.keys();
    this.#traces.delete(oldest!);
  }

  #traceOf(origin: unknown, code: string): string | undefined {
    return this.#traces.get(`${typeof origin === 'string' ? origin : LOCAL} ${code}`);
  }
}

/**
 * Returns the ids of the first span of an occurrence. `beganSec` is its start as `first_occurred` of the API states it,
 * seconds since the Unix epoch.
 */
export function faultTrace(instance: string, code: string, beganSec: number): TraceContext {
  const digest = createHash('sha256')
    .update(JSON.stringify([instance, code, beganSec]))
    .digest('hex');
  return { traceId: digest.slice(0, 32), spanId: digest.slice(32, 48), isSampled: true };
}

function parsed(text: string): JsonValue | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function isTraced(news: string | undefined): news is TracedNews {
  return news !== undefined && Object.hasOwn(NAMES, news);
}
