import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { missingSystemPackages } from '../harness/system-packages.ts';
import { acquireMachineLock } from './machine-lock.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');
const sources = join(root, 'test', 'peers');
const cache = join(root, 'node_modules', '.cache', 'medkit-peers');

/** DDS implementations of the peers. */
export type Vendor = 'cyclone' | 'fastdds';
export const vendors: readonly Vendor[] = ['cyclone', 'fastdds'];

/** Why there are no peers on this machine: the reason of a skipped suite. `undefined` if they can be built. */
export const peersMissing = missingSystemPackages('peers');

const COMPILE_TIMEOUT_MS = 120_000;

let programs: Promise<Readonly<Record<Vendor, string>>> | undefined;

/** Compiles the peers unless this source was compiled before. Returns the path of each program. */
export function peerPrograms(): Promise<Readonly<Record<Vendor, string>>> {
  programs ??= builtPrograms();
  return programs;
}

async function builtPrograms(): Promise<Readonly<Record<Vendor, string>>> {
  const folder = join(cache, sourceHash());
  const endTurn = await acquireMachineLock('peers-build');
  try {
    if (!existsSync(folder)) await build(folder);
  } finally {
    await endTurn();
  }
  return { cyclone: join(folder, 'cyclone-peer'), fastdds: join(folder, 'fastdds-peer') };
}

function sourceHash(): string {
  const hash = createHash('sha256').update(process.arch);
  for (const file of globSync('**/*.{idl,cpp,hpp}', { cwd: sources }).sort()) {
    hash.update(`${file}\n`).update(readFileSync(join(sources, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

/**
 * Builds in a temporary folder and moves it to its place in one step, so that an aborted run leaves nothing incomplete.
 */
async function build(folder: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const scratch = await mkdtemp(join(cache, 'build-'));
  const linked = join(scratch, 'linked');
  await mkdir(linked);
  const compile = (command: string, ...args: readonly string[]) =>
    run(command, args, { cwd: scratch, timeout: COMPILE_TIMEOUT_MS, killSignal: 'SIGKILL' });
  try {
    // Final types in plain CDR and no XTypes information: what ROS 2 puts on the wire.
    await compile('idlc', '-t', '-f', 'case-sensitive', '-x', 'final', join(sources, 'idl', 'ros.idl'));
    await compile('gcc', '-O2', '-c', 'ros.c');
    // One folder at a time: most of the time goes into the headers, which its files share.
    const compileFolder = async (unit: string, sourceFolder = unit) => {
      const files = globSync(`${sourceFolder}/*.cpp`, { cwd: sources }).sort();
      const includes = files.map((file) => `#include "${join(sources, file)}"\n`);
      await writeFile(join(scratch, `${unit}.cpp`), includes.join(''));
      await compile('g++', '-std=c++20', '-O2', '-Wall', '-I.', '-c', `${unit}.cpp`);
    };
    await Promise.all([
      compileFolder('shared', '.'),
      ...['services', 'cyclone', 'fastdds'].map((unit) => compileFolder(unit)),
    ]);
    const link = (vendor: Vendor, ...args: readonly string[]) =>
      compile('g++', 'shared.o', 'services.o', `${vendor}.o`, ...args, '-o', join(linked, `${vendor}-peer`));
    await link('cyclone', 'ros.o', '-lddsc');
    await link('fastdds', '-lfastrtps', '-lfastcdr');
    await rename(linked, folder);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
