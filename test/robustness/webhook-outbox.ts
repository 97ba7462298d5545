import { join } from 'node:path';
import { systemClock, systemHttpClient, systemNames, systemRandom } from '@medkit/edges/node';
import { openStore } from '@medkit/store';
import { openWebhooks, WEBHOOK_TABLES } from '@medkit/webhooks';

/**
 * Enters events from number `first` up to `last` into an outbox in `folder` and delivers them, until it is killed.
 * Prints the number up to which they are accepted.
 */
const [, , folder = '', url = '', first = '', last = '', sources = ''] = process.argv;
const BATCH = 100;
const store = await openStore({
  path: join(folder, 'gateway.db'),
  clock: systemClock,
  warn: (message) => process.stdout.write(`${message}\n`),
  migrations: { webhooks: WEBHOOK_TABLES },
});
const webhooks = await openWebhooks({
  database: { exists: async () => true, store: async () => store },
  http: systemHttpClient,
  names: systemNames,
  clock: systemClock,
  random: systemRandom,
  log: (_, message) => process.stdout.write(`${message}\n`),
  origin: 'http://amr-01',
  allowedTargets: ['127.0.0.1'],
  maxQueued: 20_000,
  maxDeadLetters: 100,
  maxConcurrent: 8,
  maxPerSecond: 10_000,
  attemptTimeoutMs: 2000,
  giveUpAfterMs: 86_400_000,
});
for (let from = Number(first); from <= Number(last); from += BATCH) {
  const numbers = Array.from({ length: Math.min(BATCH, Number(last) - from + 1) }, (_, n) => from + n);
  const events = numbers.map((n) => ({
    id: String(n),
    source: `/source/${n % Number(sources)}`,
    type: 'medkit.test',
    timeMs: 0,
    data: String(n),
  }));
  await store.write(events.flatMap((event) => webhooks.outboxStatements({ url }, event)));
  webhooks.wake();
  process.stdout.write(`accepted ${numbers.at(-1)}\n`);
}
