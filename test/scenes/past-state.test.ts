import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { AppList, FaultListResult, PastState } from '@medkit/contract';
import { seededRandom } from '@medkit/edges';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { type Program, startProgram } from '../harness/program.ts';
import { openAdapter } from '../interop/open-adapter.ts';
import { startMotor } from '../upgrade/robot.ts';

const SEED = Math.floor(performance.now() * 1000) % 1_000_000;
/** Moments that are compared with the notes of the witness. */
const MOMENTS = 10;
/**
 * A note counts if the witness saw the same earlier and later by this time: the gateway writes changes within 0.25 s,
 * and the witness looks every 0.1 s.
 */
const STEADY_MS = 600;

/** What the witness saw in the API. */
interface Note {
  readonly atMs: number;
  readonly seen: string;
}

interface Gateway extends Program {
  readonly api: string;
}

async function json<Body>(url: string): Promise<Body> {
  return (await (await fetch(url, { signal: AbortSignal.timeout(8000) })).json()) as Body;
}

/** Returns the online apps and the confirmed faults as the API lists them now. */
async function look(api: string): Promise<string> {
  const [tree, faults] = await Promise.all([
    json<AppList>(`${api}/apps`),
    json<FaultListResult>(`${api}/faults?status=confirmed`),
  ]);
  const apps = tree.items.flatMap((app) => (app['x-medkit']?.is_online ? [app.id] : []));
  const codes = faults.items.map((fault) => `${fault.fault_code}:${fault.severity}`);
  return [...apps.sort(), ...codes.sort()].join(' ');
}

/** Returns the same of a moment. */
function seenAt({ tree, faults }: PastState): string {
  const apps = tree.items.flatMap(({ type, id, online }) => (type === 'app' && online ? [id] : []));
  const codes = faults.items.map(({ fault_code, severity }) => `${fault_code}:${severity}`);
  return [...apps.sort(), ...codes.sort()].join(' ');
}

test(`the state at ten moments of a day with restarts is what a witness saw then (seed ${SEED})`, {
  timeout: 300_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-history-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const domain = await reserveDomain();
  const env = { ROS_DOMAIN_ID: String(domain), ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' };
  const start = async (): Promise<Gateway> => {
    const program = startProgram(['up', '--port', '0', '--data-dir', folder], { env });
    const [url] = await program.printed(/http:\/\/127\.0\.0\.1:\d+/);
    return { ...program, api: `${url}/api/v1` };
  };
  const at = async ({ api }: Gateway, tMs: number): Promise<PastState> =>
    json(`${api}/x-medkit-at?t=${Math.floor(tMs)}`);
  const random = seededRandom(SEED);
  const notes: Note[] = [];
  let watched: Gateway | undefined;
  let isDay = true;
  const witness = (async () => {
    while (isDay) {
      const gateway = watched;
      const seen = gateway && (await look(gateway.api).catch(() => undefined));
      // Between two looks only: what happens while a gateway stops or starts is compared with its gaps.
      if (seen !== undefined && gateway === watched) notes.push({ atMs: Date.now(), seen });
      await delay(100);
    }
  })();

  await using robots = new AsyncDisposableStack();
  const motor = robots.use(await startMotor(domain));
  let gateway = await start();
  const recorded = (): Promise<unknown> =>
    eventually('the record', async () => {
      const state = await at(gateway, Date.now() - 1);
      return state.tree !== undefined && state.gap === undefined && seenAt(state).includes('motor');
    });
  /** A part of the day: nodes come and go, faults are confirmed and heal. */
  const shift = async (name: string): Promise<void> => {
    await recorded();
    watched = gateway;
    for (let round = 0; round < 3; round += 1) {
      const adapter = await openAdapter({ domainId: domain });
      await adapter.node({ name: `guest_${name}_${round}` });
      await delay(800 + random.float() * 800);
      await motor.report(`FAULT_${Math.floor(random.float() * 3)}`, random.float() < 0.7 ? 'failed' : 'passed', 3);
      await delay(800 + random.float() * 800);
      await adapter.close();
      await delay(800 + random.float() * 800);
    }
    watched = undefined;
  };

  await shift('a');
  assert.equal(await gateway.end('SIGTERM'), 0);
  const stoppedMs = Date.now();
  await delay(1500);
  gateway = await start();
  await shift('b');
  const killedMs = Date.now();
  await gateway.end('SIGKILL');
  await delay(1500);
  gateway = await start();
  await shift('c');
  isDay = false;
  await witness;

  const steady = notes.filter(({ atMs, seen }) =>
    notes.every((other) => Math.abs(other.atMs - atMs) > STEADY_MS || other.seen === seen),
  );
  assert.ok(steady.length > MOMENTS, `${steady.length} notes of ${notes.length}`);
  assert.ok(new Set(steady.map(({ seen }) => seen)).size > 4, 'the day had several states');
  for (let moment = 0; moment < MOMENTS; moment += 1) {
    const { atMs, seen } = steady[Math.floor(random.float() * steady.length)]!;
    const state = await at(gateway, atMs);
    assert.equal(seenAt(state), seen, `at ${new Date(atMs).toISOString()}`);
    assert.ok(!state.gap || state.gap.reason === 'ended_unexpectedly', `${state.gap?.reason}`);
  }
  assert.equal((await at(gateway, stoppedMs + 700)).gap?.reason, 'not_running');
  assert.equal((await at(gateway, killedMs + 700)).gap?.reason, 'ended_unexpectedly');
  assert.equal((await at(gateway, stoppedMs + 700)).tree.complete, false);
  const early = await fetch(`${gateway.api}/x-medkit-at?t=1000`);
  assert.equal(early.status, 400);
  assert.match(((await early.json()) as { message: string }).message, /when the record begins/);

  const count = (): number => {
    const database = new DatabaseSync(join(folder, 'gateway.db'), { readOnly: true });
    const [row] = database.prepare('SELECT count(*) AS rows FROM history').all();
    database.close();
    return Number(row?.['rows']);
  };
  await at(gateway, Date.now() - 1);
  const rows = count();
  for (let look = 0; look < 20; look += 1) await at(gateway, Date.now() - 1);
  assert.equal(count(), rows, 'reading writes nothing');
  await gateway.end('SIGTERM');
});
