import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { printSeed, STORM_SEED, scaledStorm } from '../harness/storm.ts';
import { type ClientRequest, EACH_ERRAND, schedule } from './client-requests.ts';
import { type GatewayProcess, startGateway } from './gateway-process.ts';
import { openAdapter } from './open-adapter.ts';
import { type Peer, startPeer } from './peer.ts';
import { type Vendor, vendors } from './peer-programs.ts';
import { peerSuite } from './peer-suite.ts';
import { GAUGE_OPTIONS, openProcessGauge } from './process-gauge.ts';

const DOMAIN = await reserveDomain();
const CALLS = scaledStorm(10_000, 1000);
/** Calls before the measurement, so that one-time allocations are done. */
const WARM_UP_CALLS = 1500;
/** Concurrent requests to the nodes of each vendor: fewer than the ten that a server queues for one service. */
const AT_ONCE = 6;
/** Limit of the gateway. */
const CALLS_PER_SERVICE = 10;
const UPLOADS_AT_ONCE = 8;
const MAX_LIVE_GROWTH_MIB = 3;
const MAX_RESIDENT_GROWTH_MIB = 64;
const PROBE_INTERVAL_MS = 200;
/** Maximum time of an answer that involves no node, on a loaded machine while other requests wait for nodes. */
const MAX_PROBE_MS = 3000;
/** An unused connection is closed after two seconds, so a value that is stable for longer is final. */
const STILL_MS = 4000;
const STILL_WITHIN_MS = 15_000;

const PROBES = ['/health', '/apps', '/functions/robot', '/apps/good_cyclone/status', '/apps/good_fastdds/logs'];

/** One node that works correctly, and one that fails in every way. */
const commandsOf = (vendor: Vendor) => [
  `node /robot/good_${vendor}`,
  `service /good_${vendor}/add example_interfaces/srv/AddTwoInts quiet`,
  `action /good_${vendor}/count example_interfaces/action/Fibonacci interval=5`,
  `action /good_${vendor}/picky example_interfaces/action/Fibonacci reject`,
  `pub /good_${vendor}/beat std_msgs/msg/String rate=10 quiet`,
  'parameters quiet',
  'lifecycle quiet',
  `node /robot/bad_${vendor}`,
  `service /bad_${vendor}/hang std_srvs/srv/Trigger hang quiet`,
  `service /bad_${vendor}/late std_srvs/srv/Trigger late=1500 quiet`,
  `service /bad_${vendor}/babble example_interfaces/srv/AddTwoInts garbage quiet`,
  'parameters quiet hang',
];

async function startRobot(folder: string) {
  const stack = new AsyncDisposableStack();
  const settings = ['service_call_timeout_sec=1', 'parameter_service_timeout_sec=1', 'bulk_data.categories=maps'];
  const gateway = stack.use(
    await startGateway({
      domainId: DOMAIN,
      settings: [...settings, `data_dir=${folder}`],
      nodeOptions: GAUGE_OPTIONS,
    }),
  );
  const gauge = stack.use(await openProcessGauge(gateway.program));
  const adapter = stack.use(await openAdapter({ domainId: DOMAIN }));
  const peers: Peer[] = [];
  for (const vendor of vendors) {
    peers.push(stack.use(await startPeer({ vendor, domainId: DOMAIN, commands: commandsOf(vendor) })));
    for (const [app, count] of [
      [`good_${vendor}`, 3],
      [`bad_${vendor}`, 3],
    ] as const) {
      await eventually(`the operations of ${app}`, async () => {
        return (await gateway.ask('GET', `/apps/${app}/operations`)).body['items']?.length === count;
      });
    }
  }
  return { gateway, gauge, adapter, peers, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** Runs the errands with a fixed concurrency per vendor. */
async function run(gateway: GatewayProcess, errands: readonly ClientRequest[]): Promise<void> {
  let next = 0;
  const worker = async (vendor: Vendor) => {
    for (let at = next++; at < errands.length; at = next++) await errands[at]!(gateway, vendor, at);
  };
  await Promise.all(vendors.flatMap((vendor) => Array.from({ length: AT_ONCE }, () => worker(vendor))));
}

/** Periodically requests resources that do not depend on the nodes. Returns the milliseconds of each answer. */
async function probe(gateway: GatewayProcess, until: AbortSignal): Promise<number[]> {
  const times: number[] = [];
  while (!until.aborted) {
    const startMs = performance.now();
    const path = PROBES[times.length % PROBES.length]!;
    assert.equal((await gateway.ask('GET', path)).status, 200, path);
    times.push(performance.now() - startMs);
    await delay(PROBE_INTERVAL_MS);
  }
  return times;
}

peerSuite('a gateway in the long run', { heavy: true }, () => {
  test(`${CALLS} calls of all kinds to nodes of both vendors leave nothing behind`, {
    timeout: 180_000,
  }, async (t) => {
    printSeed(t);
    const folder = mkdtempSync(join(tmpdir(), 'medkit-endurance-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    await using robot = await startRobot(folder);
    const { gateway, gauge, adapter, peers } = robot;
    const look = async () => ({
      descriptors: await whenStill('no connection', gauge.descriptors),
      endpoints: (await adapter.graph()).endpoints.map(({ role, name }) => `${role} ${name}`).sort(),
      liveMib: await gauge.liveMib(),
      residentMib: gauge.residentMib(),
    });

    // The worker that is free takes the next errand: in a schedule, a rare one may reach the nodes of one vendor only.
    const visit = async (vendor: Vendor) => {
      for (const [at, errand] of EACH_ERRAND.entries()) await errand(gateway, vendor, at);
    };
    await Promise.all(vendors.map(visit));
    await run(gateway, schedule(WARM_UP_CALLS, STORM_SEED));
    const before = await look();

    const done = new AbortController();
    const probing = probe(gateway, done.signal);
    const startMs = performance.now();
    await run(gateway, schedule(CALLS, STORM_SEED + 1));
    const seconds = (performance.now() - startMs) / 1000;
    done.abort();
    const slowestMs = Math.max(...(await probing));
    const after = await look();

    const figures = [
      `${CALLS} calls in ${seconds.toFixed(0)} s`,
      `live ${before.liveMib.toFixed(1)} -> ${after.liveMib.toFixed(1)} MiB`,
      `resident ${before.residentMib.toFixed(0)} -> ${after.residentMib.toFixed(0)} MiB`,
      `${before.descriptors} -> ${after.descriptors} descriptors, ${after.endpoints.length} endpoints`,
      `slowest probe ${slowestMs.toFixed(0)} ms`,
    ];
    t.diagnostic(figures.join('; '));
    assert.equal(after.descriptors, before.descriptors);
    assert.deepEqual(after.endpoints, before.endpoints);
    assert.ok(after.liveMib - before.liveMib < MAX_LIVE_GROWTH_MIB, figures[1]);
    assert.ok(after.residentMib - before.residentMib < MAX_RESIDENT_GROWTH_MIB, figures[2]);
    assert.ok(slowestMs < MAX_PROBE_MS, figures[4]);
    assert.deepEqual(filesBelow(join(folder, 'bulk_data')), [], 'of uploads that were given up nothing is left');
    assert.doesNotMatch(gateway.program.output(), /medkit: error/);
    await assertAllPlacesFree(gateway);
    for (const peer of peers) assert.equal(await peer.quit(), 0);
  });
});

/** Checks that bounded resources have their full capacity again: aborted requests no longer count. */
async function assertAllPlacesFree(gateway: GatewayProcess): Promise<void> {
  for (const vendor of vendors) {
    const hanging = `/apps/bad_${vendor}/operations/hang/executions`;
    const calls = Array.from({ length: CALLS_PER_SERVICE }, () => gateway.ask('POST', hanging));
    for (const { status, body } of await Promise.all(calls)) assert.equal(status, 504, JSON.stringify(body));
  }
  const file = new FormData();
  file.append('file', new Blob(['0123456789']), 'hall.pgm');
  const upload = () => fetch(`${gateway.api}/apps/good_cyclone/bulk-data/maps`, { method: 'POST', body: file });
  for (const { status } of await Promise.all(Array.from({ length: UPLOADS_AT_ONCE }, upload))) {
    assert.equal(status, 201);
  }
}

/** Returns `count` once it has been stable for a while. */
async function whenStill(what: string, count: () => number): Promise<number> {
  let [last, sinceMs] = [count(), performance.now()];
  const look = async () => {
    const now = count();
    if (now !== last) [last, sinceMs] = [now, performance.now()];
    return performance.now() - sinceMs > STILL_MS && now;
  };
  return eventually(what, look, STILL_WITHIN_MS);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
}
