import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Incident } from '@medkit/contract';
import { type CoreEvents, type EntityTree, eventBus } from '@medkit/core';
import { systemClock, systemHttpClient, systemNames, systemRandom } from '@medkit/edges/node';
import { Notify } from '@medkit/notify';
import { NOTIFY_TABLES } from '@medkit/notify/tables';
import { incidentOf, receiverOf } from '@medkit/notify/testing';
import { openStore } from '@medkit/store';
import { openWebhooks, WEBHOOK_TABLES } from '@medkit/webhooks';

/**
 * A robot that has one incident after the other, stores them in a separate database in `folder`, and notifies receivers
 * until it is killed. Some get worse, all heal, a few before they have settled. Prints the number of each that begins,
 * and `over` when all `count` of them are healed.
 */
const [, , folder = '', count = '', ntfy = '', pagerduty = '', webhook = ''] = process.argv;
const SETTLE_MS = 60;
/** Number of concurrently open incidents. */
const OPEN_AT_ONCE = 4;

const log = (_: string, message: string) => process.stdout.write(`${message}\n`);
const open = (name: string, migrations: Parameters<typeof openStore>[0]['migrations']) =>
  openStore({ path: join(folder, name), clock: systemClock, warn: (message) => log('', message), migrations });
const incidentStore = await open('incidents.db', {
  robot: [['CREATE TABLE incidents (number INTEGER PRIMARY KEY, text TEXT NOT NULL)']],
});
const store = await open('gateway.db', { webhooks: WEBHOOK_TABLES, notify: NOTIFY_TABLES });
const incidents = new Map<number, Incident>(
  (await incidentStore.read('SELECT number, text FROM incidents')).map((row) => [
    Number(row.number),
    JSON.parse(String(row.text)),
  ]),
);
const events = eventBus<CoreEvents>((_, error) => log('', String(error)));

/** Stores the incident on disk before the notification, as the gateway does. */
async function announce(
  number: number,
  news: CoreEvents['incident.changed']['news'],
  changes: Partial<Incident>,
): Promise<void> {
  const incident = {
    ...(incidents.get(number) ?? incidentOf({ id: `inc_${number}`, title: `Fault ${number}` })),
    ...changes,
  };
  const parameters = [number, JSON.stringify(incident)];
  await incidentStore.write([{ sql: 'INSERT OR REPLACE INTO incidents (number, text) VALUES (?, ?)', parameters }]);
  incidents.set(number, incident);
  events.emit('incident.changed', { news, incident });
}

const database = { exists: async () => true, store: async () => store };
const notify = new Notify({
  receivers: [
    receiverOf({ name: 'phone', topic: 'robots', url: ntfy, type: 'ntfy' }),
    receiverOf({ name: 'pager', type: 'pagerduty', url: pagerduty, routingKey: 'k'.repeat(32) }),
    receiverOf({ name: 'program', type: 'webhook', url: webhook }),
  ],
  database,
  http: systemHttpClient,
  clock: systemClock,
  random: systemRandom,
  log,
  instance: 'amr-01',
  origin: 'http://amr-01',
  publicUrl: 'http://amr-01',
  settleMs: SETTLE_MS,
  linkMs: 3_600_000,
});
const webhooks = await openWebhooks({
  database,
  http: systemHttpClient,
  names: systemNames,
  clock: systemClock,
  random: systemRandom,
  log,
  origin: 'http://amr-01',
  allowedTargets: [],
  maxQueued: 20_000,
  maxDeadLetters: 100,
  maxConcurrent: 8,
  maxPerSecond: 10_000,
  attemptTimeoutMs: 2000,
  giveUpAfterMs: 86_400_000,
  receivers: notify.requests,
});
const source = {
  recent: async (sinceMs: number) =>
    [...incidents.values()].filter(
      ({ state, healed_at }) => state === 'open' || Date.parse(healed_at ?? '') >= sinceMs,
    ),
  acknowledge: async () => Promise.reject(new Error('nobody acknowledges here')),
};
notify.start({ webhooks, source, events, tree: () => ({}) as EntityTree });

const heal = (number: number) => announce(number, 'healed', { state: 'healed', healed_at: new Date().toISOString() });
const now = () => ({ began: new Date().toISOString() });
for (let number = incidents.size + 1; number <= Number(count); number += 1) {
  await announce(number, 'opened', now());
  process.stdout.write(`incident ${number}\n`);
  await delay(20);
  // One in five ends before it has settled.
  if (number % 5 === 0) await heal(number);
  else if (number % 3 === 0) await announce(number, 'worse', { severity: 3, severity_label: 'CRITICAL' });
  await delay(20);
  for (const [old, { state }] of incidents) if (state === 'open' && old <= number - OPEN_AT_ONCE) await heal(old);
}
await delay(4 * SETTLE_MS);
for (const [old, { state }] of incidents) if (state === 'open') await heal(old);
process.stdout.write('over\n');
