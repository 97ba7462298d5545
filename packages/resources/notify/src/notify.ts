import type { Incident } from '@medkit/contract';
import type { CoreEvents, EntityTree, EventBus } from '@medkit/core';
import type { Clock, HttpClient, Random } from '@medkit/edges';
import { type OutboxDatabase, type Receivers, receiverUrl, type TestFire, type Webhooks } from '@medkit/webhooks';
import { type AcknowledgeLink, AcknowledgeLinks } from './acknowledge/acknowledge-links.ts';
import { Heartbeat, type HeartbeatFacts, type HeartbeatOptions } from './heartbeat/heartbeat.ts';
import type { IncidentSource } from './incident-source.ts';
import { Notifier, type NotifierFacts } from './notifier.ts';
import type { Receiver } from './receiver/receiver.ts';
import { receiverRequests } from './receiver-requests.ts';
import { isOfEntity } from './routing/concerns.ts';
import { eventOf, type NewTelling, partsOf } from './tell.ts';

export interface NotifyOptions {
  readonly receivers: readonly Receiver[];
  /** Where a sign of life goes, where one is wanted. */
  readonly heartbeat?: Pick<HeartbeatOptions, 'url' | 'periodMs' | 'ailment'> | undefined;
  /** Has `NOTIFY_TABLES`, and is that of the webhooks. */
  readonly database: OutboxDatabase;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: (level: 'info' | 'warn', message: string) => void;
  /** What the gateway is called among others. */
  readonly instance: string;
  /** Stands before the source of events and names the robot: `http://amr-01:8080`. */
  readonly origin: string;
  /** Under which the gateway is reached from outside; without it messages have no links. */
  readonly publicUrl: string | undefined;
  /** What begins is not told before it has lasted for so long. */
  readonly settleMs: number;
  /** So long a link acknowledges. */
  readonly linkMs: number;
}

/** What messages are told of, and the way that they go. */
export interface NotifyParts {
  /** On the database of `NotifyOptions`, opened with its `requests`. */
  readonly webhooks: Webhooks;
  /** Absent where the gateway keeps no incidents: then nobody is told of any. */
  readonly source: IncidentSource | undefined;
  readonly events: Pick<EventBus<CoreEvents>, 'on'>;
  readonly tree: () => EntityTree;
}

/** What came of trying a receiver out. */
export interface ReceiverTest extends TestFire {
  readonly receiver: string;
}

export interface NotifyFacts extends NotifierFacts {
  readonly heartbeat: HeartbeatFacts | undefined;
}

/** What came of following a link that acknowledges. */
export type Acknowledgement =
  | { readonly is: 'done'; readonly link: AcknowledgeLink; readonly incident: Incident; readonly by: string }
  /** It was before. */
  | { readonly is: 'used' }
  /** There is none such, or it has expired. */
  | { readonly is: 'unknown' };

/** Tells receivers of incidents, and takes from them that somebody has. */
export class Notify {
  readonly #options: NotifyOptions;
  readonly #links: AcknowledgeLinks;
  readonly #heartbeat: Heartbeat | undefined;
  #parts: NotifyParts | undefined;
  #notifier: Notifier | undefined;
  /** What the webhooks are to be opened with. */
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

  /** Whether there are incidents to tell of. */
  get hasSource(): boolean {
    return this.#parts?.source !== undefined;
  }

  start(parts: NotifyParts): void {
    const { source, events, webhooks, tree } = parts;
    this.#parts = parts;
    this.#heartbeat?.start();
    if (!source || this.receivers.length === 0) return;
    this.#notifier = new Notifier({ ...this.#options, source, events, webhooks, isOf: isOfEntity(tree) });
    this.#notifier.start();
  }

  facts(): NotifyFacts {
    const facts = this.#notifier?.facts() ?? { told: 0, waiting: 0, problem: undefined };
    return { ...facts, heartbeat: this.#heartbeat?.facts() };
  }

  /** Sends a message at once that says that it is none, and tells what came of it. Never rejects. */
  async test(receiver: Receiver, signal: AbortSignal): Promise<ReceiverTest> {
    const { clock, instance } = this.#options;
    const atMs = clock.wallMs();
    const telling: NewTelling = {
      about: 'incident',
      news: 'test',
      ring: 1,
      severity: 0,
      atMs,
      incident: tried(instance, atMs),
    };
    const parts = partsOf(receiver, telling);
    let last: TestFire = { delivered: false, durationMs: 0 };
    let durationMs = 0;
    for (let part = 0; part < parts; part += 1) {
      const event = eventOf(receiver, { ...telling, part });
      last = (await this.#parts?.webhooks.fire({ url: receiverUrl(receiver.name) }, event, signal)) ?? last;
      durationMs += last.durationMs;
      if (!last.delivered) break;
    }
    return { receiver: receiver.name, ...last, durationMs };
  }

  /** What a link stands for; `undefined` for none that there is, or that has expired. */
  findLink(token: string): Promise<AcknowledgeLink | undefined> {
    return this.#links.find(token);
  }

  /** Acknowledges the incident that a link stands for, once. Rejects with what the source of incidents rejects with, and a `StoreError`. */
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

/** What is told where there is nothing to tell. */
function tried(instance: string, atMs: number): Incident {
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
