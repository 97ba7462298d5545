import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { installFromTarball } from '../test/release/installation.ts';
import { useEveryService } from './every-service.ts';
import { anonymousMb, cpuMs, median, proportionalMb, residentMb } from './process.ts';
import { appIds, type Gateway, startCommand, startCrowd, until } from './stage.ts';

/**
 * Number of measurements of each row. To measure a single row: `MEMORY_ROW='installed, empty'`, or another part of its
 * name.
 */
const ROUNDS = Number(process.env['MEMORY_ROUNDS'] ?? 1);
const ROW = process.env['MEMORY_ROW'] ?? '';
const NODES = 200;
/** Time in which memory used by the start is released; after requests, also the threads that read stores. */
const SETTLED_MS = { empty: 25_000, used: 65_000 };
const root = join(import.meta.dirname, '..');

interface Figures {
  readonly startCpuMs: number;
  readonly anonymousMb: number;
  readonly residentMb: number;
  readonly proportionalMb: number;
}

/**
 * Resident memory of an idle gateway, installed and from source: on an empty graph, and with 200 nodes after every
 * service was used, its streams still open. Each starts like a user's, by its launcher, with compiled code of an
 * earlier start, and with Node's program read as after a boot.
 */
export async function memory(): Promise<void> {
  const installation = await installFromTarball();
  const home = mkdtempSync(join(tmpdir(), 'medkit-bench-home-'));
  // Node adds its folder to the path of the programs that it runs.
  const env = { HOME: home, XDG_CACHE_HOME: home, NODE_COMPILE_CACHE: undefined, PATH: process.env['PATH'] };
  const commands = {
    installed: [installation.medkit],
    'from source': [join(root, 'tools/with-node'), 'packages/programs/cli/src/main.ts'],
  };
  try {
    for (const folder of [installation.prefix, root]) forgetPages(folder);
    for (const command of Object.values(commands)) {
      // Stores the compiled code on exit.
      await using _warm = await startCommand(command, { env });
    }
    for (const [name, command] of Object.entries(commands)) {
      const start = () => startCommand(command, { env });
      await printFigures(`${name}, empty graph`, () => emptyGraph(start));
      await printFigures(`${name}, ${NODES} nodes, every service`, () => everyService(start));
    }
  } finally {
    installation.clear();
    rmSync(home, { recursive: true });
  }
}

/**
 * Drops the page cache of the Node below a folder. Linux maps large pages of a newly written program, such as an
 * installed one: the same Node then has 25 MB more resident than after a boot. The cache of a running program cannot be
 * dropped, and the one from source runs during the measurement. In that case, compare the gateway's private memory.
 */
function forgetPages(folder: string): void {
  for (const node of globSync('{,lib/}node_modules/node-linux-*/bin/node', { cwd: folder })) {
    const path = join(folder, node);
    // Only pages that are written to disk can be dropped.
    execFileSync('sync', [path]);
    execFileSync('dd', [`if=${path}`, 'iflag=nocache', 'count=0', 'status=none']);
  }
}

async function printFigures(what: string, measure: () => Promise<Figures>): Promise<void> {
  if (!what.includes(ROW)) return;
  const rounds: Figures[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await measure());
  const of = (field: keyof Figures) => median(rounds.map((figures) => figures[field])).toFixed(0);
  console.log(
    `${what}: ${of('residentMb')} MB resident, ${of('anonymousMb')} MB its own, ` +
      `${of('proportionalMb')} MB with its share of what others use too, ` +
      `${of('startCpuMs')} ms of the processor until it answers`,
  );
}

async function emptyGraph(start: () => Promise<Gateway>): Promise<Figures> {
  await using gateway = await start();
  return await figuresOf(gateway, SETTLED_MS.empty);
}

async function everyService(start: () => Promise<Gateway>): Promise<Figures> {
  await using _crowd = await startCrowd(NODES, '--parameters', '3');
  await using gateway = await start();
  await until(async () => (await appIds(gateway.url)).length > NODES);
  const startCpuMs = cpuMs(gateway.pid);
  using _streams = await useEveryService(gateway.url);
  return { ...(await figuresOf(gateway, SETTLED_MS.used)), startCpuMs };
}

async function figuresOf({ pid }: Gateway, settledMs: number): Promise<Figures> {
  const startCpuMs = cpuMs(pid);
  await delay(settledMs);
  return {
    startCpuMs,
    residentMb: residentMb(pid),
    anonymousMb: anonymousMb(pid),
    proportionalMb: proportionalMb(pid),
  };
}
