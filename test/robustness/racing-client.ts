import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '@medkit/edges';
import { type Step, sharedMs } from './race-steps.ts';

/**
 * A client of the race, in a process of its own: asks for locks, breaks them, gives them back or leaves them, and writes all
 * the while, with a lock and without. Prints every request with its answer, a line each. Its values begin at `first`.
 */
const [, , api = '', client = '', rounds = '0', first = '0', app = '', component = '', seed = '1'] = process.argv;

/** Of the locks that it gets, every so many are left for others to break, or for time to end. */
const LEFT_TO_BREAK = 20;
const LEFT_TO_TIME = Math.min(200, Math.ceil(Number(rounds) / 10));
const LONG_SEC = 120;
const SHORT_SEC = 1;
/** The race goes on for who has owned less than this share of its rounds: who waits for a lock to run out spends hundreds. */
const OWNED_SHARE = 0.25;
/** Who is refused comes back within this time: the holder has written by then, or not. */
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
  return { asked: { client, sentMs, gotMs: sharedMs(), status: reply.status }, text };
}

let value = Number(first);
async function write(): Promise<void> {
  value += 1;
  const written = value;
  const { asked } = await ask('PUT', `/apps/${app}/configurations/force`, { data: written });
  steps.push({ kind: 'write', value: written, ...asked });
}

/** The number of the lock; 0 where it gets none. */
async function lock(entity: string, seconds: number, breaks: boolean): Promise<number> {
  const body = { lock_expiration: seconds, scopes: ['configurations'], ...(breaks && { break_lock: true }) };
  const { asked, text } = await ask('POST', `${entity}/locks`, body);
  const number = asked.status === 201 ? Number(/^lock_(\d+)$/.exec(JSON.parse(text).id)?.[1]) : 0;
  assert.ok(Number.isInteger(number), text);
  steps.push({ kind: 'lock', entity, breaks, seconds, lock: number, ...asked });
  return number;
}

async function release(entity: string, number: number): Promise<void> {
  const { asked } = await ask('DELETE', `${entity}/locks/lock_${number}`);
  steps.push({ kind: 'release', lock: number, ...asked });
}

let owned = 0;
for (let round = 0; round < Number(rounds) || owned < Number(rounds) * OWNED_SHARE; round += 1) {
  const untilTime = (owned + 1) % LEFT_TO_TIME === 0;
  // The lock of what contains the app cannot be broken by way of the app: the other client has to let it run out.
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
  const left = untilTime || (!whole && owned % LEFT_TO_BREAK === 0);
  if (!left) await release(entity, number);
}
for (const step of steps) process.stdout.write(`${JSON.stringify(step)}\n`);
