/** Where events of one trigger or subscription go. */
export interface Webhook {
  /** `https:` or `http:`; the `receiverUrl` of a receiver of the configuration, without secret and headers. */
  readonly url: string;
  /** Signs every delivery; absent: deliveries are not signed. */
  readonly secret?: string;
  /** Sent with every delivery, such as `Authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What happened, as it is delivered in an envelope of CloudEvents 1.0. */
export interface WebhookEvent {
  /** Unique within `source`; the same when it is delivered again. */
  readonly id: string;
  /** Address of what tells it: `/api/v1/apps/battery_monitor/triggers/trig_1`. */
  readonly source: string;
  /** `medkit.trigger.fired`. */
  readonly type: string;
  /** What it is about, within the source. */
  readonly subject?: string;
  /** Milliseconds since the epoch. */
  readonly timeMs: number;
  /** JSON text. For a receiver of the configuration any text, out of which its request is made. */
  readonly data: string;
}

/** What came of a test delivery. */
export interface TestFire {
  readonly delivered: boolean;
  /** Absent where no reply came. */
  readonly status?: number;
  /** How the reply begins. */
  readonly reply?: string;
  /** Why it was not delivered. */
  readonly error?: string;
  /** IP address that was connected to. */
  readonly address?: string;
  readonly durationMs: number;
}
