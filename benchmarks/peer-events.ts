import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { summary } from './baseline-store.ts';
import type { Storm, StormResult } from './peer-gateways.ts';
import { formatRounds, median, onCpuMs } from './process.ts';
import { type Started, startBaselineRelay, startGateway, startPeerGateways, until } from './stage.ts';
import { streamCrowd } from './stream-crowd.ts';

const PEERS = 20;
const ROUNDS = 3;
/**
 * Rate of events at each gateway, by number of clients. The last is a flood: a single event's cost of waking a process
 * is shared.
 */
const LOADS = [
  { clients: 1, perSecond: 50, events: 200 },
  { clients: 20, perSecond: 50, events: 200 },
  { clients: 200, perSecond: 50, events: 200 },
  { clients: 1, perSecond: 200, events: 400 },
];
const COPIED: readonly Load[] = [
  { clients: 1, perSecond: 50, events: 500 },
  { clients: 1, perSecond: 50, events: 500, type: 'fault_confirmed' },
];
/** The default of `aggregation.fault_copies_mb`. */
const COPIES_MB = 64;
/** Settling time before the idle cost is measured, and the duration of that measurement. */
const SETTLED_MS = 1000;
const IDLE_MS = 2000;
/** Silence after which the arrival of all events is checked, and after which missing events count as lost. */
const QUIET_MS = 500;
const LOST_MS = 8000;

interface Load extends Storm {
  readonly clients: number;
}

/** The process that forwards the events. */
interface Forwarder extends Started {
  readonly url: string;
}

interface Round {
  readonly load: Load;
  /** Processor time per event, minus the idle cost. */
  readonly usPerEvent: number;
  /** Latency of a client in this round; and of a client of the source gateway. */
  readonly p99Ms: number;
  readonly directP99Ms: number;
  readonly lost: number;
  readonly doubled: number;
  /** Clients did not receive the same events. */
  readonly isUneven: boolean;
  /** Clients that were disconnected because they read too slowly. */
  readonly cutOff: number;
  /** Number of evidence requests to the gateways. */
  readonly evidenceRequests: number;
}

/**
 * Cost of an event at one of 20 gateways for a gateway that aggregates them, in total and per client, and its extra
 * latency over a client of the source gateway. Compared with a bare relay. Then the same with fault copies.
 */
export async function peerEvents(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-bench-peer-events-'));
  const manifest = join(folder, 'head.yaml');
  writeFileSync(manifest, 'manifest_version: "1.0"\napps:\n  - id: own\n    name: own\n');
  await using stage = new AsyncDisposableStack();
  stage.defer(() => rmSync(folder, { recursive: true }));
  const peers = stage.use(await startPeerGateways(0, PEERS, 1));
  const streams = peers.urls.map((url) => `${url}/api/v1/faults/stream`);
  const relay = stage.use(await startBaselineRelay(streams));
  const measureOn = (forwarder: Forwarder, load: Load): Promise<Round> =>
    measure(forwarder, load, peers, streams[0] ?? '');
  {
    await using head = await startHead(manifest, peers.urls, 0);
    const rounds = { head: [] as Round[], relay: [] as Round[] };
    for (let round = -1; round < ROUNDS; round += 1) {
      for (const load of LOADS) {
        const measured = { head: await measureOn(head, load), relay: await measureOn(relay, load) };
        // Skips the warm-up round.
        if (round < 0) continue;
        rounds.head.push(measured.head);
        rounds.relay.push(measured.relay);
      }
    }
    for (const load of LOADS) {
      report('this gateway', load, rounds.head);
      report('bare relay', load, rounds.relay);
    }
    reportParts('this gateway', rounds.head);
    reportParts('bare relay', rounds.relay);
  }
  await using head = await startHead(manifest, peers.urls, COPIES_MB);
  const rounds: Round[] = [];
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const load of COPIED) {
      const measured = await measureOn(head, load);
      if (round >= 0) rounds.push(measured);
    }
  }
  for (const load of COPIED)
    report(`this gateway, which copies faults (${load.type ?? 'fault_updated'})`, load, rounds);
}

/** Starts a gateway that aggregates all of them, and waits until it shows them. */
async function startHead(manifest: string, urls: readonly string[], copiesMb: number): Promise<Forwarder> {
  const settings = [
    'ros.enabled=false',
    'discovery.mode=manifest_only',
    `discovery.manifest_path=${manifest}`,
    'sse.max_clients=1000',
    'aggregation.enabled=true',
    `aggregation.peer_urls=${urls.join(',')}`,
    `aggregation.peer_names=${urls.map((_, at) => `p${at}`).join(',')}`,
    `aggregation.fault_copies_mb=${copiesMb}`,
  ];
  const head = await startGateway(...settings.flatMap((word) => ['--set', word]));
  for (let number = 0; number < PEERS; number += 1) {
    await until(async () => {
      const reply = await fetch(`${head.url}/apps/p${number}_a0`);
      await reply.arrayBuffer();
      return reply.ok;
    });
  }
  return { ...head, url: `${head.url}/faults/stream` };
}

async function measure({ url, pid }: Forwarder, load: Load, peers: Started, sourceUrl: string): Promise<Round> {
  using direct = await streamCrowd(sourceUrl, 1);
  using crowd = await streamCrowd(url, load.clients);
  await delay(SETTLED_MS);
  const idleFromMs = onCpuMs(pid);
  await delay(IDLE_MS);
  const idleShare = (onCpuMs(pid) - idleFromMs) / IDLE_MS;
  direct.begin();
  crowd.begin();
  const requestsBefore = await storm(peers, { events: 0, perSecond: 1 });
  const before = onCpuMs(pid);
  const beganMs = performance.now();
  const requests = await storm(peers, load);
  const events = PEERS * load.events;
  let octets = -1;
  let quietFromMs = performance.now();
  await until(async () => {
    if (octets !== crowd.octets()) quietFromMs = performance.now();
    octets = crowd.octets();
    const quietMs = performance.now() - quietFromMs;
    if (quietMs > LOST_MS) return true;
    return quietMs > QUIET_MS && crowd.isEven() && crowd.events().length >= events;
  });
  const spentMs = onCpuMs(pid) - before - idleShare * (performance.now() - beganMs);
  const received = crowd.events();
  const different = new Set(received).size;
  return {
    load,
    usPerEvent: (spentMs * 1000) / events,
    p99Ms: summary(crowd.latenciesMs(), 1).p99Ms,
    directP99Ms: summary(direct.latenciesMs(), 1).p99Ms,
    lost: events - different,
    doubled: received.length - different,
    isUneven: !crowd.isEven(),
    cutOff: crowd.cutOff(),
    evidenceRequests: requests - requestsBefore,
  };
}

async function storm({ child }: Started, { events, perSecond, type }: Storm): Promise<number> {
  const ended = once(child, 'message');
  child.send({ events, perSecond, ...(type && { type }) } satisfies Storm);
  const [{ evidenceRequests }] = (await ended) as [StormResult];
  return evidenceRequests;
}

function report(name: string, load: Load, all: readonly Round[]): void {
  const rounds = all.filter((round) => round.load === load);
  const { clients, perSecond, events } = load;
  const sum = (of: (round: Round) => number): number => rounds.reduce((before, round) => before + of(round), 0);
  const perEvent = sum((round) => round.evidenceRequests) / sum(() => PEERS * events);
  console.log(
    `${name}, ${PEERS} gateways, ${perSecond} events/s of each, ${clients} clients: ` +
      `${formatRounds(rounds.map(({ usPerEvent }) => usPerEvent))} us of the processor for an event, ` +
      `${formatRounds(rounds.map(({ usPerEvent }) => usPerEvent / clients))} us for each frame; ` +
      `p99 ${formatRounds(rounds.map(({ p99Ms }) => p99Ms))} ms, ` +
      `${formatRounds(rounds.map(({ p99Ms, directP99Ms }) => p99Ms / directP99Ms))} times that of a client of the source gateway; ` +
      `${sum(({ lost }) => lost)} lost, ${sum(({ doubled }) => doubled)} doubled, ${sum(({ cutOff }) => cutOff)} clients cut off` +
      (rounds.some(({ isUneven }) => isUneven) ? ', NOT all clients received the same' : '') +
      (perEvent > 0 ? `; evidence was asked for ${perEvent.toFixed(3)} times for an event` : ''),
  );
}

/** Prints the base cost of an event and the cost of each client. */
function reportParts(name: string, rounds: readonly Round[]): void {
  const [few, , many] = LOADS;
  const us = (load: Load | undefined): number =>
    median(rounds.filter((round) => round.load === load).map(({ usPerEvent }) => usPerEvent));
  const perClient = (us(many) - us(few)) / ((many?.clients ?? 0) - (few?.clients ?? 0));
  console.log(
    `${name}: ${(us(few) - perClient).toFixed(1)} us for an event, ${perClient.toFixed(2)} us more for each client`,
  );
}
