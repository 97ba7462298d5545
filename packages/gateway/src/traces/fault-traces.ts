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
import type { StoredCapture } from '@medkit/faults';
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
  /** `traceparent` of each fault by its origin and by the start of its occurrence, oldest first. */
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
    const [fault, incident] = [fieldsOf(event?.['payload']), fieldsOf(event?.['incident'])];
    if (typeof incident?.['root'] === 'string') return this.#traceOf(incident['root_origin'], incident['root']);
    const { fault_code: code, first_occurred: began } = fault ?? {};
    if (typeof code !== 'string') return undefined;
    // The origin of a fault behind several gateways names only the next one.
    const found = typeof began === 'number' ? this.#traces.get(startKey(code, began)) : undefined;
    return found ?? this.#traceOf(fieldsOf(fault?.['x-medkit'])?.['origin'] ?? LOCAL, code);
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

  /** Records a stored capture of evidence, from the confirmation until its frames are on disk. */
  onCaptured({ faultCode, requestedAtNs, frames, sources }: StoredCapture): void {
    const parent = this.#traceOf(LOCAL, faultCode);
    // A capture that an earlier process began belongs to no event of this one.
    if (parent === undefined) return;
    const { tracer, clock } = this.#options;
    tracer.record({
      name: 'fault captured',
      kind: 'internal',
      parent,
      startNs: requestedAtNs,
      endNs: clock.wallNs(),
      attributes: {
        'medkit.fault.code': faultCode,
        'medkit.fault.sources': sources.join(', '),
        'medkit.capture.frames': frames,
      },
    });
  }

  #onLocal(event: FaultEvent): void {
    const news = streamEventTypes(event)[0];
    if (!isTraced(news)) return;
    const { tracer, instance, clock } = this.#options;
    const { code, severity, sources, occurrenceCount, firstOccurredNs } = event.fault;
    const began = Number(firstOccurredNs / 1000n) / 1e6;
    const context = faultTrace(instance, code, began);
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
    const traceparent = tracer.record({ name: NAMES[news], kind: 'producer', parent, attributes, ...times });
    this.#store(LOCAL, code, began, traceparent);
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
    this.#store(origin, code, began, traceparent);
  }

  #store(origin: Origin, code: string, began: number, traceparent: string): void {
    for (const key of [originKey(origin, code), startKey(code, began)]) {
      this.#traces.delete(key);
      this.#traces.set(key, traceparent);
    }
    // Each fault has two keys.
    while (this.#traces.size > 2 * MAX_FAULT_TRACES) {
      const [oldest] = this.#traces.keys();
      this.#traces.delete(oldest!);
    }
  }

  #traceOf(origin: unknown, code: string): string | undefined {
    return this.#traces.get(originKey(typeof origin === 'string' ? origin : LOCAL, code));
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

const originKey = (origin: Origin, code: string): string => `at ${origin} ${code}`;
/** `began` is the start of the occurrence, seconds since the Unix epoch. */
const startKey = (code: string, began: number): string => `since ${began} ${code}`;

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
