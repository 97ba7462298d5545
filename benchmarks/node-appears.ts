import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, onCpuMs, residentMb } from './process.ts';
import { appIds, type Gateway, type Started, startCrowd, startGateway, until } from './stage.ts';

const NODES = 500;
const TOPICS = 2;
/**
 * Nodes that appear and disappear before the measurement. V8 first interprets code and compiles it after some dozens of
 * runs, in separate threads. On a robot with this many nodes this has happened during the start.
 */
const WARM_UP = 50;
const ROUNDS = 31;
/** Measured time after a node appeared or disappeared: the gateway finishes long before, unless the machine is busy. */
const WINDOW_MS = 500;
const SETTLE_MS = 3000;

/**
 * Cost of a node with a separate participant that joins a robot with many nodes, and of its leaving: the processor time
 * of all gateway threads, minus that of an idle period of the same length. Without and with a manifest. The figure
 * holds for a gateway that has already seen some nodes come and go; the cost of the first one, with cold code, is
 * printed as well.
 */
export async function nodeAppears(): Promise<void> {
  await using crowd = await startCrowd(NODES, '--topics', String(TOPICS));
  const folder = mkdtempSync(join(tmpdir(), 'medkit-bench-'));
  const path = join(folder, 'manifest.yaml');
  writeFileSync(path, manifest());
  try {
    await measure('runtime_only', crowd, '--set', 'discovery.mode=runtime_only');
    await measure('hybrid', crowd, '--set', 'discovery.mode=hybrid', '--set', `discovery.manifest_path=${path}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(mode: string, crowd: Started, ...options: readonly string[]): Promise<void> {
  await using gateway = await startGateway(...options);
  await until(async () => (await appIds(gateway.url)).length >= NODES);
  await pause(SETTLE_MS);
  const rounds: Round[] = [];
  for (let index = 0; index < WARM_UP + ROUNDS; index += 1) rounds.push(await oneRound(gateway, crowd));
  const [first] = rounds;
  const warm = rounds.slice(WARM_UP);
  const middle = (part: keyof Round) => median(warm.map((round) => round[part]));
  const [still, copy] = [middle('idle'), middle('copy')];
  const [come, go] = [middle('coming') - still, middle('going') - still];
  console.log(
    `${mode}, ${NODES} nodes: one that comes costs ${ms(come)} of processor time, one that goes ${ms(go)} ` +
      `(${ms(still)} in ${WINDOW_MS} ms in which nothing happens); that is ${(come / copy).toFixed(1)} and ` +
      `${(go / copy).toFixed(1)} of a copy of the list of apps (${ms(copy)}); the very first of ${rounds.length}: ` +
      `${ms(first.coming)} and ${ms(first.going)}; the gateway takes ${residentMb(gateway.pid).toFixed(0)} MB`,
  );
}

/** Milliseconds of processor time. */
interface Round {
  readonly idle: number;
  readonly coming: number;
  readonly going: number;
  readonly copy: number;
}

/** Starts one node, waits until it is shown, and stops it. */
async function oneRound(gateway: Gateway, crowd: Started): Promise<Round> {
  const idle = await cpuOf(gateway, async () => undefined);
  let name = '';
  const coming = await cpuOf(gateway, async () => ({ name } = await send(crowd, 'join')));
  // Checks, outside of the measurement, that the node was shown in time, so that the measured work is complete.
  const ids = await appIds(gateway.url);
  if (!ids.includes(name)) throw new Error(`${name} is not shown after ${WINDOW_MS} ms`);
  const copy = copyMs(ids.map((id) => ({ kind: 'app', id, name: id, source: 'heuristic', aliases: [id] })));
  const going = await cpuOf(gateway, () => send(crowd, 'leave'));
  return { idle, coming, going, copy };
}

/** The calibrator: the machine's current time for plain work on as many apps, run as rarely. */
function copyMs(apps: unknown): number {
  const startedAt = process.cpuUsage();
  structuredClone(apps);
  const { user, system } = process.cpuUsage(startedAt);
  return (user + system) / 1000;
}

/** Returns the gateway's processor time from before `work` to the end of the window after it. */
async function cpuOf({ pid }: Gateway, work: () => Promise<unknown>): Promise<number> {
  const before = onCpuMs(pid);
  await work();
  await pause(WINDOW_MS);
  return onCpuMs(pid) - before;
}

async function send({ child }: Started, what: 'join' | 'leave'): Promise<{ readonly name: string }> {
  const reply = once(child, 'message');
  child.send(what);
  const [answer] = await reply;
  return answer;
}

/** Maps every node of the crowd to an app with its name, ten of them to a component. */
function manifest(): string {
  const apps = Array.from({ length: NODES }, (_, index) => `node_${String(index).padStart(3, '0')}`);
  const components = Array.from({ length: NODES / 10 }, (_, index) => `  - {id: unit_${index}, area: hall}`);
  return [
    'manifest_version: "1.0"',
    'areas:',
    '  - {id: hall}',
    'components:',
    ...components,
    'apps:',
    ...apps.map(
      (name, index) =>
        `  - {id: my_${name}, is_located_on: unit_${Math.floor(index / 10)}, ros_binding: {node_name: ${name}}}`,
    ),
  ].join('\n');
}

const pause = (timeMs: number) => new Promise((resolve) => setTimeout(resolve, timeMs));
const ms = (value: number) => `${value.toFixed(1)} ms`;
