import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, onCpuMs } from './process.ts';
import { appIds, type Gateway, type Started, startCrowd, startGateway, until } from './stage.ts';

const NODES = 500;
const TOPICS = 2;
const ROUNDS = 40;
/** An appearance is over long before that: endpoints are told within some ten milliseconds, and merged 5 ms later. */
const WINDOW_MS = 400;
const SETTLE_MS = 3000;

/**
 * What it costs the gateway when one node with a participant of its own comes to a robot of many, and when it goes: the
 * processor time of all its threads, less what it has in as long a time in which nothing happens. Without and with a manifest.
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
  const idle: number[] = [];
  const coming: number[] = [];
  const going: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    idle.push(await cpuOf(gateway, async () => undefined));
    let name = '';
    coming.push(await cpuOf(gateway, async () => ({ name } = await tell(crowd, 'join'))));
    // Asked once, outside of what is measured: that it was shown in time, so nothing is left out.
    const isShown = (await appIds(gateway.url)).includes(name);
    if (!isShown) throw new Error(`${name} is not shown after ${WINDOW_MS} ms`);
    going.push(await cpuOf(gateway, () => tell(crowd, 'leave')));
  }
  const [still, come, go] = [median(idle), median(coming), median(going)];
  console.log(
    `${mode}, ${NODES} nodes: one that comes costs ${ms(come - still)} of processor time, one that goes ` +
      `${ms(go - still)} (${ms(still)} in ${WINDOW_MS} ms in which nothing happens)`,
  );
}

/** Processor time of the gateway from before `work` to the end of the window. */
async function cpuOf({ pid }: Gateway, work: () => Promise<unknown>): Promise<number> {
  const before = onCpuMs(pid);
  const over = pause(WINDOW_MS);
  await work();
  await over;
  return onCpuMs(pid) - before;
}

async function tell({ child }: Started, what: 'join' | 'leave'): Promise<{ readonly name: string }> {
  const told = once(child, 'message');
  child.send(what);
  const [answer] = await told;
  return answer;
}

/** Every node of the crowd is an app of its own name, ten of them to a component. */
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
