import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { FaultEvent } from '@medkit/core';
import { app, fault, faultEvent, memoryFaults } from '@medkit/core/testing';
import { eventually } from '../harness/eventually.ts';
import { startProgram } from '../harness/program.ts';
import { printSeed, scaledStorm } from '../harness/storm.ts';
import { GAUGE_OPTIONS, openProcessGauge } from '../interop/process-gauge.ts';
import { realGateway } from './real-gateway.ts';
import { followed } from './stream-client.ts';

const PEERS = 20;
/** Number of simulated hours; a shorter time with the same events must leave as little behind. */
const HOURS = scaledStorm(24, 3);
const WARM_UP_HOURS = 2;
const FAULTS_AN_HOUR = 12;
const TREE_CHANGES_AN_HOUR = 4;
const READS_AN_HOUR = 60;
const MAX_LIVE_GROWTH_MIB = 3;
const MAX_RESIDENT_GROWTH_MIB = 32;
/** An unused connection is closed after two seconds, so a value that is stable for longer is final. */
const STILL_MS = 4000;

const PATHS = ['/apps', '/faults', '/health', '/x-medkit-peers'];

/** Starts a gateway of one robot that appears, disappears and fails on request. */
async function startRobot(at: number) {
  const node = `/p${at}_arm`;
  const arm = app(`p${at}_arm`, { node, address: { runtime: 'ros2', nativeId: node } });
  const events: FaultEvent[] = [];
  const faults = memoryFaults({ events, faults: [fault(`JAM_${at}`, { sources: [node] })] });
  const gateway = await realGateway({
    instance: `p${at}`,
    robot: { apps: [arm], providers: { faults } },
    isChecked: false,
  });
  return {
    ...gateway,
    /** Disturbances of the other gateway, with their shares among ten. */
    fails(): void {
      const of = fault(`JAM_${at}`, { sources: [node] });
      for (const type of ['fault_confirmed', 'fault_cleared'] as const) {
        const event = faultEvent((events.at(-1)?.id ?? 0) + 1, {
          type,
          fault: { ...of, status: type === 'fault_cleared' ? 'CLEARED' : 'CONFIRMED' },
          timeNs: BigInt(Date.now()) * 1_000_000n,
        });
        events.push(event);
        gateway.runtime.announce(event);
      }
    },
    /** Replaces its additional app with one of this name. */
    shows(name: string): void {
      const id = `p${at}_${name}`;
      gateway.runtime.tell({
        apps: [arm, app(id, { node: `/${id}`, address: { runtime: 'ros2', nativeId: `/${id}` } })],
      });
    },
  };
}
type Robot = Awaited<ReturnType<typeof startRobot>>;

async function startHead(stack: AsyncDisposableStack, robots: readonly Robot[]) {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-day-'));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const settings = [
    'ros.enabled=false',
    'aggregation.enabled=true',
    `aggregation.peer_urls=${robots.map(({ url }) => url)}`,
    `aggregation.peer_names=${robots.map((_, at) => `p${at}`)}`,
  ];
  const program = startProgram(
    [...['up', '--port', '0', '--data-dir', folder], ...settings.flatMap((each) => ['--set', each])],
    { env: { NODE_OPTIONS: GAUGE_OPTIONS } },
  );
  stack.defer(async () => assert.equal(await program.end('SIGTERM'), 0, program.output()));
  const gauge = stack.use(await openProcessGauge(program));
  const [, url = ''] = await program.printed(/Page +(http:\/\/127\.0\.0\.1:\d+)/);
  const ask = async (path: string) => {
    const reply = await fetch(`${url}/api/v1${path}`);
    assert.equal(reply.status, 200, path);
    return JSON.parse(await reply.text());
  };
  return { url, gauge, ask };
}
type Head = Awaited<ReturnType<typeof startHead>>;

const available = async (head: Head): Promise<number> =>
  (await head.ask('/apps')).items.filter(({ id }: { readonly id: string }) => id.endsWith('_arm')).length;

/** Simulates an hour of all robots. At its end a reconnecting client receives everything that happened in it. */
async function hour(head: Head, robots: readonly Robot[], number: number, lastId?: string): Promise<string> {
  const client = await followed(`${head.url}/api/v1/faults/stream`, lastId);
  const of = (share: number, anHour: number): boolean =>
    Math.floor(share * anHour) < Math.floor((share + 1 / READS_AN_HOUR) * anHour);
  for (let read = 0; read < READS_AN_HOUR; read += 1) {
    const share = read / READS_AN_HOUR;
    for (const robot of robots) {
      if (of(share, FAULTS_AN_HOUR)) robot.fails();
      if (of(share, TREE_CHANGES_AN_HOUR)) robot.shows(`h${number}_${read}`);
    }
    if (read < robots.length) robots[read]?.cut();
    await head.ask(PATHS[read % PATHS.length] ?? '');
  }
  const expected = robots.length * FAULTS_AN_HOUR * 2;
  await eventually(`${expected} events of hour ${number}`, async () => client.events.length >= expected);
  const counts = new Map<string, number>();
  for (const { data } of client.events) {
    const event = JSON.parse(data);
    const what = `${event['x-medkit-origin']} ${event.event_type}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  assert.deepEqual(new Set(counts.values()), new Set([FAULTS_AN_HOUR]), 'each event once');
  assert.equal(counts.size, robots.length * 2);
  client.close();
  return client.lastId() ?? assert.fail('no event');
}

it(`a gateway that aggregates ${PEERS} others retains nothing after ${HOURS} hours of faults, changes and cut connections`, {
  timeout: 600_000,
}, async (t) => {
  printSeed(t);
  await using stack = new AsyncDisposableStack();
  const robots = await Promise.all(Array.from({ length: PEERS }, (_, at) => startRobot(at)));
  for (const robot of robots) stack.use(robot);
  const head = await startHead(stack, robots);
  await eventually('all of them at the head', async () => (await available(head)) === PEERS);
  const look = async () => ({
    descriptors: await whenStill(head.gauge.descriptors),
    liveMib: await head.gauge.liveMib(),
    residentMib: head.gauge.residentMib(),
  });

  let lastId: string | undefined;
  for (let number = 0; number < WARM_UP_HOURS; number += 1) lastId = await hour(head, robots, number, lastId);
  const before = await look();
  const startMs = performance.now();
  for (let number = 0; number < HOURS; number += 1) lastId = await hour(head, robots, WARM_UP_HOURS + number, lastId);
  const seconds = (performance.now() - startMs) / 1000;
  // The last copies of faults are made half a minute after the faults, and their connections stay for a few seconds. A
  // leaked connection would be counted every time.
  const fewest = await eventually(
    'the end of the connections',
    async () => {
      const descriptors = head.gauge.descriptors();
      return descriptors <= before.descriptors && descriptors;
    },
    60_000,
  );
  const after = { ...(await look()), descriptors: fewest };
  t.diagnostic(
    [
      `${HOURS} hours in ${seconds.toFixed(0)} s`,
      `live ${before.liveMib.toFixed(1)} -> ${after.liveMib.toFixed(1)} MiB`,
      `resident ${before.residentMib.toFixed(0)} -> ${after.residentMib.toFixed(0)} MiB`,
      `${before.descriptors} -> ${after.descriptors} descriptors`,
    ].join('; '),
  );
  assert.ok(after.liveMib - before.liveMib <= MAX_LIVE_GROWTH_MIB, 'what it holds grows');
  assert.ok(after.residentMib - before.residentMib <= MAX_RESIDENT_GROWTH_MIB, 'its memory grows');
});

/** Returns `count` once it has been stable for a while. */
async function whenStill(count: () => number): Promise<number> {
  for (let last = count(); ; ) {
    await delay(STILL_MS);
    const now = count();
    if (now === last) return now;
    last = now;
  }
}
