import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { installFromTarball } from '../test/release/installation.ts';
import { askEveryService } from './every-service.ts';
import { cpuMs, median, proportionalMb, residentMb } from './process.ts';
import { appIds, type Gateway, startCommand, startCrowd, until } from './stage.ts';

const ROUNDS = 3;
const NODES = 200;
/** In which what a start leaves behind goes. */
const SETTLED_MS = 75_000;
const root = join(import.meta.dirname, '..');

interface Figures {
  readonly startCpuMs: number;
  readonly residentMb: number;
  readonly proportionalMb: number;
}

/**
 * What a gateway keeps resident when it has been left alone for a while, installed and from source: on an empty graph, and
 * with 200 nodes after every service was used, its streams still open. Each starts as its users start it, by its launcher,
 * with compiled code of an earlier start.
 */
export async function memory(): Promise<void> {
  const installation = await installFromTarball();
  const home = mkdtempSync(join(tmpdir(), 'medkit-bench-home-'));
  // Node adds its own folder to the path of what it runs.
  const env = { HOME: home, XDG_CACHE_HOME: home, NODE_COMPILE_CACHE: undefined, PATH: process.env['PATH'] };
  const commands = {
    installed: [installation.medkit],
    'from source': [join(root, 'tools/with-node'), 'packages/programs/cli/src/main.ts'],
  };
  try {
    for (const command of Object.values(commands)) {
      // Stores what it compiled when it ends.
      await using _warm = await startCommand(command, { env });
    }
    for (const [name, command] of Object.entries(commands)) {
      const start = () => startCommand(command, { env });
      await shown(`${name}, empty graph`, () => emptyGraph(start));
      await shown(`${name}, ${NODES} nodes, every service`, () => everyService(start));
    }
  } finally {
    installation.clear();
    rmSync(home, { recursive: true });
  }
}

async function shown(what: string, measure: () => Promise<Figures>): Promise<void> {
  const rounds: Figures[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await measure());
  const of = (field: keyof Figures) => median(rounds.map((figures) => figures[field])).toFixed(0);
  console.log(
    `${what}: ${of('residentMb')} MB resident, ${of('proportionalMb')} MB without what others share, ` +
      `${of('startCpuMs')} ms of the processor until it answers`,
  );
}

async function emptyGraph(start: () => Promise<Gateway>): Promise<Figures> {
  await using gateway = await start();
  return await figuresOf(gateway);
}

async function everyService(start: () => Promise<Gateway>): Promise<Figures> {
  await using _crowd = await startCrowd(NODES, '--parameters', '3');
  await using gateway = await start();
  await until(async () => (await appIds(gateway.url)).length > NODES);
  const startCpuMs = cpuMs(gateway.pid);
  using _streams = await askEveryService(gateway.url);
  return { ...(await figuresOf(gateway)), startCpuMs };
}

async function figuresOf({ pid }: Gateway): Promise<Figures> {
  const startCpuMs = cpuMs(pid);
  await delay(SETTLED_MS);
  return { startCpuMs, residentMb: residentMb(pid), proportionalMb: proportionalMb(pid) };
}
