import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startPlc, tankNodeMapFile } from '@medkit/plc';
import { summary } from './bare-store.ts';
import { type Arrival, arrival, openStream } from './fault-listener.ts';
import { median, onCpuMs, ownMb, shown } from './process.ts';
import { type Started, startGateway, startProgram, until } from './stage.ts';

const ITEMS = 10_000;
const CHANGES_PER_S = 2000;
const INTERVAL_MS = 500;
const ROUNDS = 7;
const ROUND_MS = 5000;
/** Until what loading and first values left behind is collected. */
const SETTLED_MS = 15_000;
const ALARMS = 60;
/** Evidence and the incident of an alarm are stored within this time. */
const SETTLE_ALARM_MS = 300;
const PLCS = 20;
const ITEMS_EACH = 50;

/** PLCs: ten thousand values, alarms, and twenty of them, beside the library's own client and a gateway without any. */
export async function opcua(): Promise<void> {
  await values();
  await alarms();
  await several();
}

type Settings = Readonly<Record<string, unknown>>;

/** A gateway without a robot, with these settings of the plugin; of none without the plugin. */
async function gatewayOf(settings: Settings | undefined): Promise<Started & { readonly url: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-bench-opcua-'));
  const file = join(folder, 'medkit.yaml');
  const plugin = settings && { plugins: ['opcua'], 'plugins.opcua': settings };
  // JSON is YAML.
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

// biome-ignore lint/suspicious/noExplicitAny: a reply that is looked into by name.
async function get(gateway: { readonly url: string }, path: string): Promise<any> {
  return (await fetch(`${new URL(gateway.url).origin}/api/v1${path}`)).json();
}

async function connectedPlcs(gateway: { readonly url: string }): Promise<number> {
  const block = (await get(gateway, '/health'))['x-medkit-opcua'];
  return block?.plcs.filter(({ connected }: { connected: boolean }) => connected).length ?? 0;
}

async function values(): Promise<void> {
  const plc = await startPlc({ items: ITEMS, changesPerSecond: CHANGES_PER_S });
  await using bareGateway = await gatewayOf(undefined);
  await using gateway = await gatewayOf({
    endpoint_url: plc.endpointUrl,
    prefer_subscriptions: true,
    subscription_interval_ms: INTERVAL_MS,
    auto_browse: { enabled: true, root_nodes: ['ns=2;s=Load'], max_nodes: 2 * ITEMS },
  });
  await until(async () => (await connectedPlcs(gateway)) === 1);
  await using client = await startProgram('bare-plc-client.ts', plc.endpointUrl, String(ITEMS), String(INTERVAL_MS));
  let heard = 0;
  client.child.on('message', (changes: number) => {
    heard = changes;
  });
  await delay(SETTLED_MS);
  const [shares, bareShares, changes]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    const before = [onCpuMs(gateway.pid), onCpuMs(client.pid), heard] as const;
    await delay(ROUND_MS);
    shares.push((100 * (onCpuMs(gateway.pid) - before[0])) / ROUND_MS);
    bareShares.push((100 * (onCpuMs(client.pid) - before[1])) / ROUND_MS);
    changes.push((1000 * (heard - before[2])) / ROUND_MS);
  }
  const more = ownMb(gateway.pid) - ownMb(bareGateway.pid);
  console.log(
    `${ITEMS} items, ${shown(changes)} changes/s: ${shown(shares)} % of a core, ${more.toFixed(1)} MB more than without; ` +
      `the library's own client ${shown(bareShares)} %, ${ownMb(client.pid).toFixed(1)} MB in all`,
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
  const arrivals: Arrival[] = [];
  const { origin } = new URL(gateway.url);
  const socket = await openStream(`${origin}/api/v1/faults/stream`, (octets) => arrivals.push(arrival(octets)));
  const idleShare = (await cpuIn(gateway, 5000)) / 5000;
  const begunMs = onCpuMs(gateway.pid);
  const began = performance.now();
  const [latenciesMs, toEventMs]: [number[], number[]] = [[], []];
  const change = async (command: 'activate' | 'deactivate', event: string): Promise<void> => {
    arrivals.length = 0;
    const [beforeMs, startedNs] = [onCpuMs(gateway.pid), process.hrtime.bigint()];
    await plc.alarm(command, 'DriveTrip');
    const isEvent = ({ octets }: Arrival): boolean => octets.includes(event);
    await until(async () => arrivals.some(isEvent));
    const cpuAtEventMs = onCpuMs(gateway.pid);
    const { atNs } = arrivals.find(isEvent) as Arrival;
    const latencyMs = Number(atNs - startedNs) / 1e6;
    latenciesMs.push(latencyMs);
    if (command === 'activate') toEventMs.push(cpuAtEventMs - beforeMs - idleShare * latencyMs);
    // What comes after the event is not to count for the next one, and not all is to be at one place of the publishing interval.
    await delay(SETTLE_ALARM_MS + Math.random() * INTERVAL_MS);
  };
  for (let alarm = 0; alarm < ALARMS; alarm++) {
    await change('activate', 'fault_confirmed');
    await change('deactivate', 'fault_cleared');
  }
  const lastedMs = performance.now() - began;
  const spentMs = onCpuMs(gateway.pid) - begunMs - idleShare * lastedMs;
  socket.destroy();
  const { p50Ms, p99Ms } = summary(latenciesMs, 1);
  console.log(
    `${2 * ALARMS} changes of an alarm, publishing interval ${INTERVAL_MS} ms: to the event p50 ${p50Ms.toFixed(0)} ms, ` +
      `p99 ${p99Ms.toFixed(0)} ms; from an alarm to its event ${median(toEventMs).toFixed(2)} ms CPU (median), ` +
      `${(spentMs / (2 * ALARMS)).toFixed(2)} ms each with evidence, incident and all that is stored`,
  );
  await plc.stop();
}

async function cpuIn({ pid }: Started, ms: number): Promise<number> {
  const before = onCpuMs(pid);
  await delay(ms);
  return onCpuMs(pid) - before;
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
      `which answered after ${(upMs / 1000).toFixed(1)} s; ${ownMb(gateway.pid).toFixed(0)} MB of its own`,
  );
  await plc.stop();
}
