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
