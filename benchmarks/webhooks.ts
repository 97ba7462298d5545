import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemHttpClient, systemNames, systemRandom } from '@medkit/edges/node';
import { openStore } from '@medkit/store';
import { openWebhooks, WEBHOOK_TABLES } from '@medkit/webhooks';
import { median } from './process.ts';

const QUEUED = 10_000;
const ROUNDS = 3;
/** Number of sources of the events: those of one source are delivered in sequence, those of several in parallel. */
const SOURCES = [1, 100];
const BASELINE_POSTS = 3000;
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/**
 * Rate at which a full outbox on disk drains to a receiver in another process on this machine, signed and marked as
 * delivered, compared with a bare loop of POSTs of the same body in the same round.
 */
export async function webhooks(): Promise<void> {
  const receiver = spawn(process.execPath, [join(import.meta.dirname, 'webhook-receiver.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [port] = await once(receiver.stdout, 'data');
    const url = `http://127.0.0.1:${String(port).trim()}/medkit`;
    const baseline: number[] = [];
    const drained = new Map<number, number[]>(SOURCES.map((sources) => [sources, []]));
    for (let round = 0; round < ROUNDS; round += 1) {
      baseline.push(await baselinePosts(url));
      for (const [sources, rates] of drained) rates.push(await drain(url, sources));
    }
    console.log(`bare loop of POSTs: ${rounded(baseline)} /s`);
    for (const [sources, rates] of drained) {
      const ratio = median(rates) / median(baseline);
      console.log(`${QUEUED} of ${sources} sources: ${rounded(rates)} /s, ${ratio.toFixed(2)} of the bare loop`);
    }
  } finally {
    receiver.kill('SIGKILL');
  }
}

const rounded = (rates: readonly number[]) =>
  `${median(rates).toFixed(0)} (${rates.map((rate) => rate.toFixed(0)).join(' ')})`;

async function baselinePosts(url: string): Promise<number> {
  const body = JSON.stringify({ ...eventOf(0, 1), specversion: '1.0' });
  const beganMs = performance.now();
  for (let n = 0; n < BASELINE_POSTS; n += 1) {
    await systemHttpClient.send({ method: 'POST', url, headers: {}, body, timeoutMs: 10_000 });
  }
  return (1000 * BASELINE_POSTS) / (performance.now() - beganMs);
}

/** Time from a start with a full outbox until it is empty on disk. */
async function drain(url: string, sources: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-bench-'));
  const store = await openStore({
    path: join(folder, 'gateway.db'),
    clock: systemClock,
    warn: console.warn,
    migrations: { webhooks: WEBHOOK_TABLES },
  });
  const open = (allowedTargets: readonly string[]) =>
    openWebhooks({
      database: { exists: async () => true, store: async () => store },
      http: systemHttpClient,
      names: systemNames,
      clock: systemClock,
      random: systemRandom,
      log: (_, message) => console.warn(message),
      origin: 'http://amr-01:8080',
      allowedTargets,
      maxQueued: 20_000,
      maxDeadLetters: 1000,
      maxConcurrent: 8,
      maxPerSecond: 10_000,
      attemptTimeoutMs: 10_000,
      giveUpAfterMs: 86_400_000,
    });
  try {
    const idle = await open([]);
    const events = Array.from({ length: QUEUED }, (_, n) => eventOf(n % sources, n));
    await store.write(events.flatMap((event) => idle.outboxStatements({ url, secret: SECRET }, event)));
    await idle.close();
    const beganMs = performance.now();
    const webhooks = await open(['127.0.0.1']);
    while (webhooks.facts().targets[0]?.delivered !== QUEUED) await new Promise((resolve) => setTimeout(resolve, 5));
    await webhooks.close();
    const [{ left } = { left: -1 }] = await store.read('SELECT count(*) AS left FROM webhook_deliveries');
    if (left !== 0) throw new Error(`${left} deliveries are still on disk`);
    return (1000 * QUEUED) / (performance.now() - beganMs);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

function eventOf(source: number, id: number) {
  return {
    id: String(id),
    source: `/api/v1/apps/battery_monitor/triggers/trig_${source}`,
    type: 'medkit.trigger.fired',
    subject: 'battery_state',
    timeMs: Date.now(),
    data: JSON.stringify({
      timestamp: new Date().toISOString(),
      payload: { id: 'battery_state', data: { voltage: 22.1 } },
    }),
  };
}
