import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '@medkit/edges';
import { hostileAnswers } from '../test/federation/hostile-answers.ts';
import { hostilePeer } from '../test/federation/hostile-peer.ts';
import { compareWithBaseline } from './baseline.ts';
import type { StartApp, StartedApp } from './peer-gateways.ts';
import { anonymousMb, formatRounds, load, median, onCpuMs, residentMb } from './process.ts';
import { type Gateway, type Started, startBaselineServer, startGateway, startPeerGateways, until } from './stage.ts';

const PEERS = 20;
const APPS = 50;
/** Peers per process. The last is alone, so that it can be stopped separately. */
const GROUPS = [5, 5, 5, 4, 1];
const ROUNDS = 7;
const READS = 3000;
/** Time in which memory used by the start is released. */
const SETTLED_MS = 25_000;
const OF_THE_LAST = [`/apps/p${PEERS - 1}_a0/logs`, '/faults'];
/** Clients that keep requesting resources of a peer that is unresponsive or hostile. */
const INSISTENT_CLIENTS = 4;
const OTHER_CLIENT = ['--connections', '1', '--seconds', '3', '--pause-ms', '2'];

/** A gateway that aggregates 20 others of 50 apps each, which have in-memory robots. */
export async function peers(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-bench-peers-'));
  const manifest = join(folder, 'head.yaml');
  writeFileSync(manifest, 'manifest_version: "1.0"\napps:\n  - id: own\n    name: own\n');
  const settings = ['ros.enabled=false', 'discovery.mode=manifest_only', `discovery.manifest_path=${manifest}`];
  await using stage = new AsyncDisposableStack();
  stage.defer(() => rmSync(folder, { recursive: true }));
  const groups: Group[] = [];
  for (const count of GROUPS) {
    const first = groups.reduce((sum, group) => sum + group.urls.length, 0);
    const started = await startPeerGateways(first, count, APPS);
    groups.push(stage.use({ ...started, first }));
  }
  const urls = groups.flatMap((group) => group.urls);
  const start = (shows: readonly string[]): Promise<Gateway> =>
    startGateway(...[...settings, ...showing(shows)].flatMap((word) => ['--set', word]));

  const alone = await transferList(() => start([]));
  const beside = await transferList(() => start(urls));
  console.log(
    `memory for each of ${PEERS} gateways: ${((beside.residentMb - alone.residentMb) / PEERS).toFixed(2)} MB resident, ` +
      `${((beside.anonymousMb - alone.anonymousMb) / PEERS).toFixed(2)} MB its own (${alone.residentMb.toFixed(0)} and ${beside.residentMb.toFixed(0)} MB in all)`,
  );
  {
    await using head = await start(urls);
    await complete(head);
    await changes(head, groups);
    await compareWithBaseline(`${head.url}/apps`, head.pid, `/apps of ${PEERS * APPS}`);
    await reads(head);
    await mute(head, groups);
  }
  const answers = hostileAnswers(seededRandom(7), 'http://127.0.0.1:9');
  const bad = await hostilePeer((path) => (path === '/x-medkit-tree' ? VICTIM : answers.answer()));
  stage.defer(() => bad.close());
  await using head = await start([...urls.slice(1), bad.url]);
  await until(async () => isThere(head, 'victim'));
  await others(head, 'hostile', ['/apps/victim/logs', '/faults', '/apps/victim/data']);
}

type Group = Started & { readonly first: number; readonly urls: readonly string[] };

const VICTIM = {
  status: 200,
  headers: [['content-type', 'application/json']],
  body: Buffer.from(
    '{"gateway":{"instance":"bad"},"items":[{"type":"app","id":"victim","source":"manifest","is_online":true}]}',
  ),
  manner: 'whole',
} as const;

function showing(urls: readonly string[]): readonly string[] {
  if (urls.length === 0) return [];
  const names = urls.map((_, at) => `p${at}`);
  return [
    'aggregation.enabled=true',
    `aggregation.peer_urls=${urls.join(',')}`,
    `aggregation.peer_names=${names.join(',')}`,
  ];
}

const isThere = async ({ url }: Gateway, id: string): Promise<boolean> => {
  const reply = await fetch(`${url}/apps/${id}`);
  await reply.arrayBuffer();
  return reply.ok;
};

async function whole(head: Gateway): Promise<void> {
  for (let number = 0; number < PEERS; number += 1) {
    await until(() => isThere(head, `p${number}_a${APPS - 1}`));
  }
}

async function transferList(start: () => Promise<Gateway>) {
  await using gateway = await start();
  await delay(SETTLED_MS);
  return { residentMb: residentMb(gateway.pid), anonymousMb: anonymousMb(gateway.pid) };
}

/** Measures when the last entity of the last gateway is in the tree. */
async function complete(head: Gateway): Promise<void> {
  await whole(head);
  const atMs = performance.now();
  console.log(
    `tree of ${PEERS} gateways complete: ${(atMs - head.spawnedAtMs).toFixed(0)} ms after the process was started, ` +
      `${(atMs - head.healthyAtMs).toFixed(0)} ms after it first answered; ${onCpuMs(head.pid).toFixed(0)} ms of the processor`,
  );
}

/** Time from the start of an app at a peer until it is in the tree of this gateway. */
async function changes(head: Gateway, groups: readonly Group[]): Promise<void> {
  const tookMs: number[] = [];
  for (let number = 0; number < PEERS; number += 1) {
    const group = groups.findLast(({ first }) => first <= number);
    const id = `new_${number}`;
    const reply = group && once(group.child, 'message');
    group?.child.send({ number, id } satisfies StartApp);
    const [{ atMs }] = (await reply) as [StartedApp];
    await until(() => isThere(head, id));
    tookMs.push(performance.timeOrigin + performance.now() - atMs);
  }
  console.log(`a change at one of them is here after ${formatRounds(tookMs)} ms`);
}

/** Cost of a read on this gateway: a local one, and a forwarded one. */
async function reads({ url, pid }: Gateway): Promise<void> {
  const cost = { own: [] as number[], p0_a0: [] as number[] };
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const id of ['own', 'p0_a0'] as const) {
      const before = onCpuMs(pid);
      await load(`${url}/apps/${id}/logs`, '--connections', '1', '--seconds', '60', '--requests', String(READS));
      // Skips the warm-up rounds.
      if (round >= 0) cost[id].push((onCpuMs(pid) - before) / READS);
    }
  }
  console.log(
    `GET …/logs, ms of the processor here: forwarded ${formatRounds(cost.p0_a0)}, local ${formatRounds(cost.own)}`,
  );
}

/** One peer is connected but does not answer. */
async function mute(head: Gateway, groups: readonly Group[]): Promise<void> {
  await others(head, 'at ease', OF_THE_LAST);
  const silent = groups.at(-1);
  silent?.child.kill('SIGSTOP');
  try {
    const tookMs: number[] = [];
    let missing: unknown;
    for (let round = 0; round < ROUNDS; round += 1) {
      const beganMs = performance.now();
      const list = (await (await fetch(`${head.url}/faults`)).json()) as {
        readonly 'x-medkit': Readonly<Record<string, unknown>>;
      };
      tookMs.push(performance.now() - beganMs);
      missing = list['x-medkit']['failed_peers'];
    }
    console.log(
      `GET /faults of all, ms, without ${JSON.stringify(missing)}, which is mute: ${formatRounds(tookMs)}, at most ${Math.max(...tookMs).toFixed(0)}`,
    );
    await others(head, 'mute', OF_THE_LAST);
  } finally {
    silent?.child.kill('SIGCONT');
  }
}

/**
 * Latency of another client for an app of this gateway, while `INSISTENT_CLIENTS` keep requesting `paths`; as a
 * multiple of a bare server.
 */
async function others(head: Gateway, state: string, paths: readonly string[]): Promise<void> {
  const asking = new AbortController();
  const insist = async (path: string): Promise<void> => {
    while (!asking.signal.aborted) {
      await fetch(head.url + path, { signal: AbortSignal.any([asking.signal, AbortSignal.timeout(5000)]) })
        .then((reply) => reply.arrayBuffer())
        .catch(() => undefined);
      await delay(5);
    }
  };
  const url = `${head.url}/apps/own`;
  await using baseline = await startBaselineServer(new Uint8Array(await (await fetch(url)).arrayBuffer()));
  const insisting = Array.from({ length: INSISTENT_CLIENTS }, (_, at) => insist(paths[at % paths.length] ?? ''));
  const p99: number[] = [];
  const multiples: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const calibrator = await load(baseline.url, ...OTHER_CLIENT);
    const measured = await load(url, ...OTHER_CLIENT);
    p99.push(measured.p99Ms);
    multiples.push(measured.p99Ms / calibrator.p99Ms);
  }
  asking.abort();
  await Promise.all(insisting);
  console.log(
    `another client while one is ${state}: p99 ${median(p99).toFixed(2)} ms, ${formatRounds(multiples)} times that of a bare server`,
  );
}
