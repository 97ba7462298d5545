import { once } from 'node:events';
import { cpuMs, load, median, residentMb } from './process.ts';
import { appIds, type Gateway, type Started, startCrowd, startGateway, startTrafficGenerator, until } from './stage.ts';

const ROUNDS = 5;
const MODES = { 'own thread': ['--set', 'ros.own_thread=true'], 'main thread': ['--set', 'ros.own_thread=false'] };
const PATHS = {
  'GET /health': '/health',
  'GET …/data/small': '/apps/torrent/data/small',
  'GET …/data/large': '/apps/torrent/data/large',
};

/** Multiples of the traffic of a busy robot. */
const TRAFFIC = { idle: 0, busy: 1, 'four times busy': 4 };

/** A client with about a hundred requests a second, like a page and a few scripts together. */
const CLIENT = ['--connections', '1', '--seconds', '2', '--pause-ms', '8'];

/** Effect of DDS traffic on REST, with and without a separate DDS thread; then the cost of this thread. */
export async function latency(): Promise<void> {
  await underTraffic();
  await startAndMemory();
}

async function underTraffic(): Promise<void> {
  await using torrent = await startTrafficGenerator();
  const figures = new Map<string, number[]>();
  const note = (name: string, value: number) => {
    const known = figures.get(name);
    if (known) known.push(value);
    else figures.set(name, [value]);
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [mode, args] of Object.entries(MODES)) {
      await using gateway = await startGateway(...args);
      for (const path of Object.values(PATHS)) await until(async () => (await fetch(gateway.url + path)).ok);
      for (const [state, times] of Object.entries(TRAFFIC)) {
        torrent.child.send(times);
        const before = await traffic(torrent, gateway);
        for (const [name, path] of Object.entries(PATHS)) {
          const { p50Ms, p99Ms } = await load(gateway.url + path, ...CLIENT);
          note(`${name}, ${mode}, ${state} p50 ms`, p50Ms);
          note(`${name}, ${mode}, ${state} p99 ms`, p99Ms);
        }
        const after = await traffic(torrent, gateway);
        const seconds = (after.atMs - before.atMs) / 1000;
        note(`processor, ${mode}, ${state} %`, (after.cpuMs - before.cpuMs) / seconds / 10);
        note(`small messages sent, ${mode}, ${state} /s`, (after.small - before.small) / seconds);
        note(`large messages sent, ${mode}, ${state} /s`, (after.large - before.large) / seconds);
        note(`resident, ${mode}, ${state} MB`, residentMb(gateway.pid));
      }
      torrent.child.send(0);
    }
  }
  for (const [name, values] of figures) {
    console.log(
      `${name.padEnd(48)} ${median(values).toFixed(2).padStart(9)}  (${values.map((value) => value.toFixed(1)).join(' ')})`,
    );
  }
  for (const name of Object.keys(PATHS)) {
    for (const mode of Object.keys(MODES)) {
      const p99 = (state: string) => median(figures.get(`${name}, ${mode}, ${state} p99 ms`) ?? []);
      for (const state of Object.keys(TRAFFIC).slice(1)) {
        console.log(`${name}, ${mode}: p99 of ${state} is ${(p99(state) / p99('idle')).toFixed(2)} of idle p99`);
      }
    }
  }
}

async function traffic(torrent: Started, gateway: Gateway) {
  const reply = once(torrent.child, 'message');
  torrent.child.send('count');
  const [counts] = (await reply) as [{ small: number; large: number; atMs: number }];
  return { ...counts, cpuMs: cpuMs(gateway.pid) };
}

async function startAndMemory(): Promise<void> {
  const nodes = 200;
  await using crowd = await startCrowd(nodes);
  for (const [mode, args] of Object.entries(MODES)) {
    const starts: number[] = [];
    const completes: number[] = [];
    const resident: number[] = [];
    const delays: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await using gateway = await startGateway(...args);
      await until(async () => (await appIds(gateway.url)).length >= nodes);
      completes.push(performance.now() - gateway.spawnedAtMs);
      starts.push(gateway.healthyAtMs - gateway.spawnedAtMs);
      for (let turn = 0; turn < 3; turn += 1) {
        const reply = once(crowd.child, 'message');
        crowd.child.send('add');
        const [{ name, atMs }] = (await reply) as [{ name: string; atMs: number }];
        await until(async () => (await appIds(gateway.url)).includes(name));
        delays.push(performance.timeOrigin + performance.now() - atMs);
      }
      resident.push(residentMb(gateway.pid));
    }
    const ms = (values: readonly number[]) =>
      `${median(values).toFixed(0)} ms (worst ${Math.max(...values).toFixed(0)})`;
    console.log(
      `${nodes} nodes, ${mode}: /health after ${ms(starts)}, graph complete after ${ms(completes)}, ` +
        `a new node shows after ${ms(delays)}, ${median(resident).toFixed(0)} MB resident`,
    );
  }
}
