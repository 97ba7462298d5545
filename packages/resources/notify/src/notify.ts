import type { Incident } from '@medkit/contract';
import type { CoreEvents, EntityTree, EventBus } from '@medkit/core';
import type { Clock, HttpClient, Random } from '@medkit/edges';
import { type OutboxDatabase, type Receivers, receiverUrl, type TestFire, type Webhooks } from '@medkit/webhooks';
import { type AcknowledgeLink, AcknowledgeLinks } from './acknowledge/acknowledge-links.ts';
import { Heartbeat, type HeartbeatFacts, type HeartbeatOptions } from './heartbeat/heartbeat.ts';
import type { IncidentSource } from './incident-source.ts';
import { eventOf, type NewNotification, partsOf } from './notification-outbox.ts';
import { Notifier, type NotifierFacts } from './notifier.ts';
import type { Receiver } from './receiver/receiver.ts';
import { receiverRequests } from './receiver-requests.ts';
import type { IncidentPlaces } from './routing/incident-places.ts';
import { belongsToEntity } from './routing/incident-scope.ts';

export interface NotifyOptions {
  readonly receivers: readonly Receiver[];
  /** Address and period of the heartbeat, if configured. */
  readonly heartbeat?: Pick<HeartbeatOptions, 'url' | 'periodMs' | 'healthProblem'> | undefined;
  /** The database of the webhooks, with `NOTIFY_TABLES`. */
  readonly database: OutboxDatabase;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: (level: 'info' | 'warn', message: string) => void;
  /** Name of this gateway among others. */
  readonly instance: string;
  /** Prefix of the event source, which identifies the robot: `http://amr-01:8080`. */
  readonly origin: string;
  /** External address of the gateway; without it, messages have no links. */
  readonly publicUrl: string | undefined;
  /** Delay before a new incident is reported. */
  readonly settleMs: number;
  /** Lifetime of an acknowledge link. */
  readonly linkMs: number;
}

/** The source of incidents and the way of delivery. */
export interface NotifyParts {
  /** Uses the database of `NotifyOptions` and its `requests`. */
  readonly webhooks: Webhooks;
  /** Absent if the gateway stores no incidents: then there are no notifications. */
  readonly source: IncidentSource | undefined;
  readonly events: Pick<EventBus<CoreEvents>, 'on'>;
  readonly tree: () => EntityTree;
  /** Present on a fleet hub. */
  readonly places?: IncidentPlaces | undefined;
}

/** Result of testing a receiver. */
export interface ReceiverTest extends TestFire {
  readonly receiver: string;
}

export interface NotifyFacts extends NotifierFacts {
  readonly heartbeat: HeartbeatFacts | undefined;
}

/** Result of following an acknowledge link. */
export type Acknowledgement =
  | { readonly is: 'done'; readonly link: AcknowledgeLink; readonly incident: Incident; readonly by: string }
  /** The link was already used. */
  | { readonly is: 'used' }
  /** The link does not exist or has expired. */
  | { readonly is: 'unknown' };

/** Notifies receivers of incidents, and handles their acknowledge links. */
export class Notify {
  readonly #options: NotifyOptions;
  readonly #links: AcknowledgeLinks;
  readonly #heartbeat: Heartbeat | undefined;
  #parts: NotifyParts | undefined;
  #notifier: Notifier | undefined;
  /** Pass it to `openWebhooks` as `receivers`. */
  readonly requests: Receivers;

  constructor(options: NotifyOptions) {
    const { database, clock, random, heartbeat, http, log } = options;
    this.#options = options;
    this.#links = new AcknowledgeLinks({ database, clock, random, lifeMs: options.linkMs });
    this.requests = receiverRequests({ ...options, links: this.#links });
    this.#heartbeat = heartbeat && new Heartbeat({ ...heartbeat, http, clock, random, log });
  }

  get receivers(): readonly Receiver[] {
    return this.#options.receivers;
  }

  get publicUrl(): string | undefined {
    return this.#options.publicUrl;
  }

  /** Whether there is a source of incidents. */
  get hasSource(): boolean {
    return this.#parts?.source !== undefined;
  }

  start(parts: NotifyParts): void {
    const { source, events, webhooks, tree, places } = parts;
    this.#parts = parts;
    this.#heartbeat?.start();
    if (!source || this.receivers.length === 0) return;
    const belongsTo = belongsToEntity(tree);
    this.#notifier = new Notifier({ ...this.#options, source, events, webhooks, belongsTo, places });
    this.#notifier.start();
  }

  facts(): NotifyFacts {
    const facts = this.#notifier?.facts() ?? { sent: 0, waiting: 0, problem: undefined };
    return { ...facts, heartbeat: this.#heartbeat?.facts() };
  }

  /** Immediately sends a message that is marked as a test. Returns the result; never rejects. */
  async test(receiver: Receiver, signal: AbortSignal): Promise<ReceiverTest> {
    const { clock, instance } = this.#options;
    const atMs = clock.wallMs();
    const notification: NewNotification = {
      about: 'incident',
      news: 'test',
      ring: 1,
      severity: 0,
      atMs,
      incident: testIncident(instance, atMs),
    };
    const parts = partsOf(receiver, notification);
    let last: TestFire = { delivered: false, durationMs: 0 };
    let durationMs = 0;
    for (let part = 0; part < parts; part += 1) {
      const event = eventOf(receiver, { ...notification, part });
      last = (await this.#parts?.webhooks.fire({ url: receiverUrl(receiver.name) }, event, signal)) ?? last;
      durationMs += last.durationMs;
      if (!last.delivered) break;
    }
    return { receiver: receiver.name, ...last, durationMs };
  }

  /** Returns what a link acknowledges; `undefined` if it does not exist or has expired. */
  findLink(token: string): Promise<AcknowledgeLink | undefined> {
    return this.#links.find(token);
  }

  /**
   * Acknowledges the incident of a link, once. Rejects with the error of the source of incidents, or with a
   * `StoreError`.
   */
  async acknowledge(token: string): Promise<Acknowledgement> {
    const link = await this.#links.find(token);
    const source = this.#parts?.source;
    if (!link || !source) return { is: 'unknown' };
    if (!(await this.#links.use(token))) return { is: 'used' };
    const by = `link of receiver ${link.receiver}`;
    try {
      const incident = await source.acknowledge(link.incident, by);
      return { is: 'done', link, incident, by };
    } catch (error) {
      await this.#links.giveBack(token);
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#notifier?.close(), this.#heartbeat?.close()]);
  }
}

/** The placeholder incident of a test message. */
function testIncident(instance: string, atMs: number): Incident {
  return {
    id: 'test',
    title: 'medkit can reach you',
    state: 'open',
    severity: 0,
    severity_label: 'INFO',
    robot: instance,
    began: new Date(atMs).toISOString(),
    root: 'TEST',
    fault_count: 1,
  };
}
