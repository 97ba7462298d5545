import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Incident } from '@medkit/contract';
import { type CoreEvents, type EntityTree, eventBus } from '@medkit/core';
import { systemClock, systemHttpClient, systemNames, systemRandom } from '@medkit/edges/node';
import { Notify } from '@medkit/notify';
import { NOTIFY_TABLES } from '@medkit/notify/tables';
import { incidentOf, openCheckingReceiver, receiverOf } from '@medkit/notify/testing';
import { openStore } from '@medkit/store';
import { openWebhooks, WEBHOOK_TABLES } from '@medkit/webhooks';
import { median } from './process.ts';

const SETTLE_MS = 500;
const SINGLE = 20;
const BURST = 200;
/** The latency that the guide promises, settling included. */
const LONGEST_MS = 1000;

/**
 * Time from an incident event until its message is delivered to a receiver on this machine: settled, evaluated, stored
 * on disk, built and sent. One incident after the other, and many at the same time.
 */
export async function notify(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-bench-'));
  const receiver = await openCheckingReceiver('ntfy');
  const store = await openStore({
    path: join(folder, 'gateway.db'),
    clock: systemClock,
    warn: console.warn,
    migrations: { webhooks: WEBHOOK_TABLES, notify: NOTIFY_TABLES },
  });
  const database = { exists: async () => true, store: async () => store };
  const log = (_: string, message: string) => console.warn(message);
  const edges = {
    database,
    http: systemHttpClient,
    clock: systemClock,
    random: systemRandom,
    log,
    origin: 'http://amr-01',
  };
  const notifications = new Notify({
    ...edges,
    receivers: [receiverOf({ topic: 'robots', url: receiver.url, type: 'ntfy' })],
    instance: 'amr-01',
    publicUrl: 'http://amr-01',
    settleMs: SETTLE_MS,
    linkMs: 3_600_000,
  });
  const webhooks = await openWebhooks({
    ...edges,
    names: systemNames,
    allowedTargets: [],
    maxQueued: 20_000,
    maxDeadLetters: 100,
    maxConcurrent: 8,
    maxPerSecond: 10_000,
    attemptTimeoutMs: 10_000,
    giveUpAfterMs: 86_400_000,
    receivers: notifications.requests,
  });
  const events = eventBus<CoreEvents>((_, error) => console.warn(error));
  const source = { recent: async () => [], acknowledge: () => Promise.reject(new Error('nobody acknowledges')) };
  notifications.start({ webhooks, source, events, tree: () => ({}) as EntityTree });
  try {
    await delay(200);
    const open = (id: string): void => {
      const incident: Incident = incidentOf({ id });
      events.emit('incident.changed', { news: 'opened', incident });
    };
    const arrivals = async (count: number): Promise<void> => {
      while (receiver.taken.length < count) await delay(1);
    };
    const single: number[] = [];
    for (let n = 0; n < SINGLE; n += 1) {
      const beganMs = performance.now();
      open(`inc_${n}`);
      await arrivals(n + 1);
      single.push(receiver.taken.at(-1)!.atMs - beganMs);
    }
    const beganMs = performance.now();
    const cpu = process.cpuUsage();
    for (let n = 0; n < BURST; n += 1) open(`inc_${SINGLE + n}`);
    await arrivals(SINGLE + BURST);
    const { user, system } = process.cpuUsage(cpu);
    const burstMs = receiver.taken.at(-1)!.atMs - beganMs;
    const longest = Math.max(...single);
    console.log(
      `one incident: ${median(single).toFixed(0)} ms, ${longest.toFixed(0)} at most, ${SETTLE_MS} of them to settle`,
    );
    console.log(`${BURST} together: all handed over after ${burstMs.toFixed(0)} ms`);
    console.log(`processor for each, the receiver's share included: ${((user + system) / 1000 / BURST).toFixed(2)} ms`);
    if (receiver.refused.length > 0) throw new Error(`the receiver would not have it: ${receiver.refused[0]}`);
    if (longest > LONGEST_MS) console.log(`more than ${LONGEST_MS} ms: the machine is busy, or it has become slower`);
  } finally {
    await notifications.close();
    await webhooks.close();
    await store.close();
    receiver.close();
    rmSync(folder, { recursive: true });
  }
}
