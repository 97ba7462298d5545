/** The target of the events of a trigger or subscription. */
export interface Webhook {
  /** `https:` or `http:`; or the `receiverUrl` of a receiver of the configuration, without secret and headers. */
  readonly url: string;
  /** Signs every delivery; without it, deliveries are not signed. */
  readonly secret?: string;
  /** Sent with every delivery, such as `Authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An event, delivered as a CloudEvent 1.0. */
export interface WebhookEvent {
  /** Unique within `source`; unchanged when it is delivered again. */
  readonly id: string;
  /** Address of the event source: `/api/v1/apps/battery_monitor/triggers/trig_1`. */
  readonly source: string;
  /** For example `medkit.trigger.fired`. */
  readonly type: string;
  /** Subject of the event within the source. */
  readonly subject?: string;
  /** Milliseconds since the epoch. */
  readonly timeMs: number;
  /** W3C `traceparent` of what the event reports, if that is traced. */
  readonly trace?: string | undefined;
  /** JSON text. For a receiver of the configuration, any text from which its request is built. */
  readonly data: string;
}

/** Result of a test delivery. */
export interface TestFire {
  readonly delivered: boolean;
  /** Absent if no reply arrived. */
  readonly status?: number;
  /** Beginning of the reply. */
  readonly reply?: string;
  /** Why it was not delivered. */
  readonly error?: string;
  /** IP address that was connected to. */
  readonly address?: string;
  readonly durationMs: number;
}

/** An attempt that belongs to a trace. */
export interface TracedAttempt {
  readonly parent: string;
  readonly messageId: string;
  /** Name of the receiver of the configuration, or host of the webhook. */
  readonly target: string;
  readonly isReceiver: boolean;
  /** Attempts before this one. */
  readonly resent: number;
}

/** Status of the reply, if one arrived, and why the attempt failed, if it did. */
export interface AttemptResult {
  readonly status?: number | undefined;
  readonly error?: string | undefined;
}

/** How deliveries become part of traces. */
export interface WebhookTraces {
  /** Returns the W3C `traceparent` of what an event reports; `undefined` if that is not traced. */
  traceOf(event: WebhookEvent): string | undefined;
  /** Begins the span of an attempt. Returns its `traceparent`, and the function that ends it. */
  begin(attempt: TracedAttempt): { readonly traceparent: string; readonly end: (result: AttemptResult) => void };
}
