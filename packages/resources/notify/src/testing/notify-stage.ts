import type { Incident } from '@medkit/contract';
import { type CoreEvents, type EntityTree, eventBus } from '@medkit/core';
import { type HttpRequest, seededRandom } from '@medkit/edges';
import { SimulatedClock, SimulatedHttp, SimulatedNames } from '@medkit/edges/testing';
import type { Store } from '@medkit/store';
import { testStore } from '@medkit/store/testing';
import { openWebhooks, WEBHOOK_TABLES } from '@medkit/webhooks';
import { NOTIFY_TABLES } from '../delivery-state/notify-tables.ts';
import { Notify, type NotifyOptions } from '../notify.ts';
import type { Receiver } from '../receiver/receiver.ts';
import type { IncidentPlaces } from '../routing/incident-places.ts';
import { IncidentStage } from './incident-stage.ts';
import { incidentOf, NIGHT_MS } from './incidents.ts';

/** A tree in which the app `collision_monitor` belongs to the component `safety`. */
const TREE = {
  resolve: (kind: string, name: string) => (kind === 'component' && name === 'safety' ? { id: 'safety' } : undefined),
  members: () => [{ id: 'safety' }, { id: 'collision_monitor' }],
} as unknown as EntityTree;

/** Starts notifications with simulated receivers and time, which begins at `NIGHT_MS`. */
export async function setUp(
  receivers: readonly Receiver[],
  changes: Partial<NotifyOptions> = {},
  {
    clock = new SimulatedClock({ epochMs: NIGHT_MS }),
    source = new IncidentStage(),
    ...options
  }: {
    readonly clock?: SimulatedClock;
    readonly source?: IncidentStage;
    readonly store?: Store;
    readonly places?: IncidentPlaces;
  } = {},
) {
  const store = options.store ?? testStore({ clock, migrations: { webhooks: WEBHOOK_TABLES, notify: NOTIFY_TABLES } });
  const database = { exists: async () => true, store: async () => store };
  const http = new SimulatedHttp();
  const logged: string[] = [];
  const log = (level: string, message: string) => logged.push(`${level}: ${message}`);
  const random = seededRandom(7);
  const notify = new Notify({
    receivers,
    database,
    http,
    clock,
    random,
    log,
    instance: 'amr-01',
    origin: 'http://amr-01:8080',
    publicUrl: 'https://amr-01.example',
    settleMs: 500,
    linkMs: 7 * 86_400_000,
    ...changes,
  });
  const webhooks = await openWebhooks({
    database,
    http,
    names: new SimulatedNames(),
    clock,
    random,
    log,
    origin: 'http://amr-01:8080',
    allowedTargets: [],
    maxQueued: 10_000,
    maxDeadLetters: 100,
    maxConcurrent: 8,
    maxPerSecond: 1000,
    attemptTimeoutMs: 10_000,
    giveUpAfterMs: 86_400_000,
    receivers: notify.requests,
  });
  const events = eventBus<CoreEvents>((_, error) => {
    throw error;
  });
  source.events = events;
  notify.start({ webhooks, source, events, tree: () => TREE, places: options.places });
  await clock.advanceAsync(5);
  return {
    clock,
    store,
    http,
    logged,
    notify,
    webhooks,
    source,
    /** Summaries of the sent messages, in order. */
    sent: () => http.requests.map(summary),
    close: async () => {
      source.events = undefined;
      await Promise.all([notify.close(), clock.advanceAsync(5)]);
      await Promise.all([webhooks.close(), clock.advanceAsync(2100, 100)]);
    },
    open: (changes: Partial<Incident> = {}) => source.tell('opened', incidentOf(changes)),
  };
}

/** Summarizes a message to ntfy as `oncall/1 Obstacle …`: topic, number of the alert and title. */
function summary({ body }: HttpRequest): string {
  const { topic, title, sequence_id, message } = JSON.parse(String(body));
  const ring = String(sequence_id).split('-').at(-1);
  const lines = String(title).includes('while alerts were off') ? ` [${message}]` : '';
  return `${topic}${lines === '' ? `/${ring}` : ''} ${String(title).replace('amr-01: ', '')}${lines}`;
}
