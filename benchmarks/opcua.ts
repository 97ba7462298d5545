import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startPlc, tankNodeMapFile } from '@medkit/plc';
import { summary } from './baseline-store.ts';
import { type Arrival, arrival, openStream } from './fault-listener.ts';
import { anonymousMb, formatRounds, median, onCpuMs } from './process.ts';
import { type Started, startGateway, startProgram, until } from './stage.ts';

const ITEMS = 10_000;
const CHANGES_PER_S = 2000;
const INTERVAL_MS = 500;
const ROUNDS = 7;
const ROUND_MS = 5000;
/** Time until garbage of loading and first values is collected. */
const SETTLED_MS = 15_000;
/** Alarms of each round. */
const ALARMS = 12;
/** V8 returns heap memory after a longer idle period than the measured one. */
const ALARMS_SETTLED_MS = 60_000;
const IDLE_MS = 20_000;
const STREAM_ALARMS = ['DriveTrip', 'PumpOverload'] as const;
const STREAM_CHANGES = 160;
const STREAM_MS = 50;
/** Publishing intervals to wait after each alarm: its evidence and incident are stored one interval earlier. */
const SETTLE_INTERVALS = 2;
const PLCS = 20;
const ITEMS_EACH = 50;

/**
 * PLCs: ten thousand values, alarms, and twenty PLCs, compared with the library's client and a gateway without PLCs.
 */
export async function opcua(): Promise<void> {
  await values();
  await alarms();
  await several();
}

type Settings = Readonly<Record<string, unknown>>;

/** Starts a gateway without a robot, with these settings of the plugin; without settings, without the plugin. */
async function gatewayOf(settings: Settings | undefined): Promise<Started & { readonly url: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-bench-opcua-'));
  const file = join(folder, 'medkit.yaml');
  const plugin = settings && { plugins: ['opcua'], 'plugins.opcua': settings };
  // JSON is valid YAML.
  writeFileSync(file, JSON.stringify({ 'ros.enabled': false, ...plugin }));
  const gateway = await startGateway('--config', file);
  const { [Symbol.asyncDispose]: end } = gateway;
  return {
    ...gateway,
    async [Symbol.asyncDispose]() {
      await end.call(gateway);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: replies may have any shape.
async function get(gateway: { readonly url: string }, path: string): Promise<any> {
  return (await fetch(`${new URL(gateway.url).origin}/api/v1${path}`)).json();
}

async function connectedPlcs(gateway: { readonly url: string }): Promise<number> {
  const block = (await get(gateway, '/health'))['x-medkit-opcua'];
  return block?.plcs.filter(({ connected }: { connected: boolean }) => connected).length ?? 0;
}

async function values(): Promise<void> {
  const plc = await startPlc({ items: ITEMS, changesPerSecond: CHANGES_PER_S });
  await using baselineGateway = await gatewayOf(undefined);
  await using gateway = await gatewayOf({
    endpoint_url: plc.endpointUrl,
    prefer_subscriptions: true,
    subscription_interval_ms: INTERVAL_MS,
    auto_browse: { enabled: true, root_nodes: ['ns=2;s=Load'], max_nodes: 2 * ITEMS },
  });
  await until(async () => (await connectedPlcs(gateway)) === 1);
  await using client = await startProgram(
    'baseline-plc-client.ts',
    plc.endpointUrl,
    String(ITEMS),
    String(INTERVAL_MS),
  );
  let received = 0;
  client.child.on('message', (changes: number) => {
    received = changes;
  });
  await delay(SETTLED_MS);
  const [shares, clientShares, changes]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    const before = [onCpuMs(gateway.pid), onCpuMs(client.pid), received] as const;
    await delay(ROUND_MS);
    shares.push((100 * (onCpuMs(gateway.pid) - before[0])) / ROUND_MS);
    clientShares.push((100 * (onCpuMs(client.pid) - before[1])) / ROUND_MS);
    changes.push((1000 * (received - before[2])) / ROUND_MS);
  }
  const more = anonymousMb(gateway.pid) - anonymousMb(baselineGateway.pid);
  console.log(
    `${ITEMS} items, ${formatRounds(changes)} changes/s: ${formatRounds(shares)} % of a core, ${more.toFixed(1)} MB more than without; ` +
      `the library's own client ${formatRounds(clientShares)} %, ${anonymousMb(client.pid).toFixed(1)} MB in all`,
  );
  await plc.stop();
}

async function alarms(): Promise<void> {
  const plc = await startPlc();
  await using gateway = await gatewayOf({
    endpoint_url: plc.endpointUrl,
    node_map_path: tankNodeMapFile,
    prefer_subscriptions: true,
    subscription_interval_ms: INTERVAL_MS,
    auto_alarms: true,
  });
  await until(async () => (await connectedPlcs(gateway)) === 1);
  const arrivals: (Arrival & { readonly cpuMs: number })[] = [];
  const { origin } = new URL(gateway.url);
  // Reads the gateway's processor time when the event arrives: later work is not part of the alarm's latency.
  const socket = await openStream(`${origin}/api/v1/faults/stream`, (octets) =>
    arrivals.push({ ...arrival(octets), cpuMs: onCpuMs(gateway.pid) }),
  );
  await delay(ALARMS_SETTLED_MS);
  const idleShares = [await idleShare(gateway)];
  const rounds: { readonly spentMs: number; readonly tookMs: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [beforeMs, began] = [onCpuMs(gateway.pid), performance.now()];
    for (let at = 0; at < STREAM_CHANGES; at++) {
      const name = STREAM_ALARMS[at % STREAM_ALARMS.length] as (typeof STREAM_ALARMS)[number];
      await plc.alarm(at % (2 * STREAM_ALARMS.length) < STREAM_ALARMS.length ? 'activate' : 'deactivate', name);
      await delay(began + (at + 1) * STREAM_MS - performance.now());
    }
    await delay(SETTLE_INTERVALS * INTERVAL_MS);
    rounds.push({ spentMs: onCpuMs(gateway.pid) - beforeMs, tookMs: performance.now() - began });
  }
  await delay(ALARMS_SETTLED_MS);
  idleShares.push(await idleShare(gateway));
  const eachMs = rounds.map(({ spentMs, tookMs }) => (spentMs - mean(idleShares) * tookMs) / STREAM_CHANGES);
  const latenciesMs: number[] = [];
  const toEventMs: number[][] = [];
  const change = async (command: 'activate' | 'deactivate', event: string): Promise<void> => {
    arrivals.length = 0;
    const [beforeMs, startedNs] = [onCpuMs(gateway.pid), process.hrtime.bigint()];
    await plc.alarm(command, 'DriveTrip');
    const isEvent = ({ octets }: Arrival): boolean => octets.includes(event);
    await until(async () => arrivals.some(isEvent));
    const { atNs, cpuMs } = arrivals.find(isEvent) as (typeof arrivals)[number];
    const latencyMs = Number(atNs - startedNs) / 1e6;
    latenciesMs.push(latencyMs);
    // The same duration at the same phase of the publishing interval without an alarm: both periods include value
    // updates.
    const untilMs = (ms: number) => delay(ms - Number(process.hrtime.bigint() - atNs) / 1e6);
    await untilMs(SETTLE_INTERVALS * INTERVAL_MS - latencyMs);
    const restedMs = onCpuMs(gateway.pid);
    await untilMs(SETTLE_INTERVALS * INTERVAL_MS);
    if (command === 'activate') toEventMs.at(-1)?.push(cpuMs - beforeMs - (onCpuMs(gateway.pid) - restedMs));
    // Spreads the alarms over the publishing interval.
    await delay(Math.random() * INTERVAL_MS);
  };
  // Alarms one at a time, on a gateway that has had alarms before.
  for (let round = 0; round < ROUNDS; round++) {
    toEventMs.push([]);
    for (let alarm = 0; alarm < ALARMS; alarm++) {
      await change('activate', 'fault_confirmed');
      await change('deactivate', 'fault_cleared');
    }
  }
  socket.destroy();
  const { p50Ms, p99Ms } = summary(latenciesMs, 1);
  console.log(
    `${latenciesMs.length} changes of an alarm, publishing interval ${INTERVAL_MS} ms: to the event p50 ${p50Ms.toFixed(0)} ms, ` +
      `p99 ${p99Ms.toFixed(0)} ms; from an alarm to its event ${formatRounds(toEventMs.map(median))} ms CPU; of ` +
      `${1000 / STREAM_MS} changes/s ${formatRounds(eachMs)} ms each with evidence, incidents and all that is stored; ` +
      `idle ${idleShares.map((share) => (100 * share).toFixed(2)).join(' and ')} % of a core`,
  );
  await plc.stop();
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Returns the share of one core. */
async function idleShare({ pid }: Started): Promise<number> {
  const before = onCpuMs(pid);
  await delay(IDLE_MS);
  return (onCpuMs(pid) - before) / IDLE_MS;
}

async function several(): Promise<void> {
  const plc = await startPlc({ servers: PLCS, items: ITEMS_EACH });
  const plcs = Object.fromEntries(
    plc.endpointUrls.map((endpointUrl, at) => [`plc_${at}`, { endpoint_url: endpointUrl }]),
  );
  const auto_browse = { enabled: true, root_nodes: ['ns=2;s=Load'] };
  const began = performance.now();
  await using gateway = await gatewayOf({ plcs, auto_browse, prefer_subscriptions: true });
  const upMs = performance.now() - began;
  await until(async () => (await connectedPlcs(gateway)) === PLCS);
  const readyMs = performance.now() - began;
  console.log(
    `${PLCS} PLCs with ${ITEMS_EACH} items each: ready ${(readyMs / 1000).toFixed(1)} s after the start of the gateway, ` +
      `which answered after ${(upMs / 1000).toFixed(1)} s; ${anonymousMb(gateway.pid).toFixed(0)} MB of anonymous memory`,
  );
  await plc.stop();
}
