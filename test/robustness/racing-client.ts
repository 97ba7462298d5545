import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '@medkit/edges';
import { type Step, sharedMs } from './race-steps.ts';

/**
 * A client of the race in a separate process. It requests, breaks, releases and abandons locks, and writes all the
 * time, with and without a lock. Prints every request with its answer, a line each. Its values begin at `first`.
 */
const [, , api = '', client = '', rounds = '0', first = '0', app = '', component = '', seed = '1'] = process.argv;

/** One of this many granted locks is abandoned, for others to break or to expire. */
const LEFT_TO_BREAK = 20;
const LEFT_TO_TIME = Math.min(200, Math.ceil(Number(rounds) / 10));
const LONG_SEC = 120;
const SHORT_SEC = 1;
/**
 * The race continues for a client that held the lock in less than this share of its rounds: waiting for an expiry costs
 * hundreds of rounds.
 */
const OWNED_SHARE = 0.25;
/** A rejected client retries within this time; by then the holder has written, or not. */
const BACK_WITHIN_MS = 8;

const random = seededRandom(Number(seed)).float;
const steps: Step[] = [];

async function ask(method: string, path: string, body?: object) {
  const sentMs = sharedMs();
  const reply = await fetch(`${api}${path}`, {
    method,
    headers: { 'x-client-id': client, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  return { request: { client, sentMs, gotMs: sharedMs(), status: reply.status }, text };
}

let value = Number(first);
async function write(): Promise<void> {
  value += 1;
  const written = value;
  const { request } = await ask('PUT', `/apps/${app}/configurations/force`, { data: written });
  steps.push({ kind: 'write', value: written, ...request });
}

/** Returns the number of the lock; 0 if it was not granted. */
async function lock(entity: string, seconds: number, breaks: boolean): Promise<number> {
  const body = { lock_expiration: seconds, scopes: ['configurations'], ...(breaks && { break_lock: true }) };
  const { request, text } = await ask('POST', `${entity}/locks`, body);
  const number = request.status === 201 ? Number(/^lock_(\d+)$/.exec(JSON.parse(text).id)?.[1]) : 0;
  assert.ok(Number.isInteger(number), text);
  steps.push({ kind: 'lock', entity, breaks, seconds, lock: number, ...request });
  return number;
}

async function release(entity: string, number: number): Promise<void> {
  const { request } = await ask('DELETE', `${entity}/locks/lock_${number}`);
  steps.push({ kind: 'release', lock: number, ...request });
}

let owned = 0;
for (let round = 0; round < Number(rounds) || owned < Number(rounds) * OWNED_SHARE; round += 1) {
  const untilTime = (owned + 1) % LEFT_TO_TIME === 0;
  // The lock of the app's component cannot be broken through the app: the other client has to wait for its expiry.
  const whole = untilTime || random() < 0.3;
  const entity = whole ? `/components/${component}` : `/apps/${app}`;
  const early = random() < 0.3 ? write() : undefined;
  const number = await lock(entity, untilTime ? SHORT_SEC : LONG_SEC, !whole && random() < 0.2);
  await early;
  if (number === 0) {
    if (random() < 0.5) await write();
    await delay(random() * BACK_WITHIN_MS);
    continue;
  }
  owned += 1;
  await write();
  const isAbandoned = untilTime || (!whole && owned % LEFT_TO_BREAK === 0);
  if (!isAbandoned) await release(entity, number);
}
for (const step of steps) process.stdout.write(`${JSON.stringify(step)}\n`);
