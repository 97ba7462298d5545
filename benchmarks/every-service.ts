import { setTimeout as delay } from 'node:timers/promises';
import { reportFault } from '@medkit/gateway/report';
import { openStream } from './fault-listener.ts';
import { BENCHMARK_DOMAIN } from './stage.ts';

const FAULTS = 20;
/** Time in which subscriptions and streams deliver data. */
const LISTENED_MS = 3000;
const PATIENCE_MS = 10_000;
const CLIENT = { 'x-client-id': 'memory' };
/** Paths below `/api/v1` that are read: one of each collection and document. */
const READ = [
  '/apps',
  '/components',
  '/areas',
  '/functions',
  '/docs',
  ...['', '/data', '/data/tick', '/operations', '/logs', '/faults', '/status', '/bulk-data'].map(
    (collection) => `/apps/ticker${collection}`,
  ),
  '/apps/node_000/configurations',
  '/apps/node_000/configurations/gain_0',
];

/**
 * Uses every service of a gateway: faults with their captures, a lock, a trigger, a subscription, streams, a script,
 * lists, documents and the web page. Returns a handle that closes the streams; they stay open until then.
 */
export async function useEveryService(url: string): Promise<Disposable> {
  const app = `${url}/apps/ticker`;
  for (const path of READ) await sent('GET', `${url}${path}`);
  for (const path of ['/', '/docs']) await sent('GET', new URL(path, url).href, { accept: 'text/html' });
  await sent('POST', `${app}/locks`, CLIENT, { lock_expiration: 600 });
  const trigger = {
    resource: '/api/v1/apps/ticker/data/tick',
    trigger_condition: { condition_type: 'OnChange' },
    multishot: true,
    persistent: true,
  };
  const subscription = { resource: trigger.resource, protocol: 'sse', interval: 'normal', duration: 600 };
  const sources = [
    await sent('POST', `${app}/triggers`, CLIENT, trigger),
    await sent('POST', `${app}/cyclic-subscriptions`, CLIENT, subscription),
  ].map(({ event_source }) => new URL(String(event_source), url).href);
  const open = (source: string) => openStream(source, () => undefined);
  const sockets = await Promise.all([`${url}/faults/stream`, ...sources].map(open));
  await runScript(app);
  for (let number = 0; number < FAULTS; number += 1) await report(`MEMORY_${number}`);
  await delay(LISTENED_MS);
  const { items } = (await sent('GET', `${url}/faults`)) as { items: readonly unknown[] };
  if (items.length < FAULTS) throw new Error(`${items.length} of ${FAULTS} faults were kept`);
  await sent('GET', `${app}/faults/MEMORY_0`);
  return {
    [Symbol.dispose]() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function runScript(app: string): Promise<void> {
  const file = new FormData();
  file.append('file', new Blob(['echo all is well\n']), 'check.sh');
  const reply = await fetch(`${app}/scripts`, { method: 'POST', headers: CLIENT, body: file });
  if (reply.status !== 201) throw new Error(`${reply.status} ${await reply.text()}`);
  await sent('POST', `${app}/scripts/check/executions`, CLIENT, { execution_type: 'now' });
}

async function report(code: string): Promise<void> {
  const environment = {
    ...process.env,
    ROS_DOMAIN_ID: String(BENCHMARK_DOMAIN),
    ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST',
  };
  const fault = { code, event: 'FAILED', severity: 2, description: 'hot', source: '/ticker' } as const;
  const outcome = await reportFault(fault, { environment, manager: '/fault_manager', patienceMs: PATIENCE_MS });
  if (outcome !== 'accepted') throw new Error(`the report of ${code}: ${outcome}`);
}

async function sent(
  method: 'GET' | 'POST',
  url: string,
  headers: Readonly<Record<string, string>> = {},
  body?: object,
): Promise<Readonly<Record<string, unknown>>> {
  const reply = await fetch(url, {
    method,
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${method} ${url}: ${reply.status} ${text}`);
  return reply.headers.get('content-type')?.includes('json') ? JSON.parse(text) : {};
}
