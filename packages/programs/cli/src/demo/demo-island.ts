import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

/** The port of the island's gateway, beside the one that the robot's has unless told otherwise. */
const ISLAND_PORT = 8081;
/** What the gateway of the robot calls it. */
export const ISLAND_PEER = 'safety_island';
/** It ends in order within this time, or is killed. */
const STOP_WITHIN_MS = 5000;
/** What it said last, for when it does not come up. */
const KEPT_OUTPUT = 2000;

/** Where the gate tells of itself, and the gateway that it tells. */
export interface IslandPlace {
  readonly url: string;
  readonly ingest: { readonly address: string; readonly keyFile: string };
}

export interface RunningIsland {
  /** Resolves when it answers; rejects where its process ends before. */
  readonly ready: Promise<void>;
  /** Resolves when its process is gone. */
  readonly ended: Promise<void>;
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

/**
 * Makes a key and chooses a port: they are needed before anything runs. Where the robot's gateway has a port of its own, a
 * known one is not asked for here either: of two demos that start at once both would find it free, and one of them would show
 * the island of the other.
 */
export async function islandPlace(folder: string, isUsualPort: boolean): Promise<IslandPlace> {
  const keyFile = join(folder, 'island.key');
  mkdirSync(folder, { recursive: true });
  writeFileSync(keyFile, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
  const port = await freePort(isUsualPort ? ISLAND_PORT : 0);
  return { url: `http://127.0.0.1:${port}`, ingest: { address: `unix:${join(folder, 'ingest.sock')}`, keyFile } };
}

/** Starts the gateway of the island in a process of its own, which ends with this one, however that ends. */
export function startIsland(folder: string, { url, ingest }: IslandPlace): RunningIsland {
  const settings = [`island.listen=${ingest.address}`, `island.key_file=${ingest.keyFile}`];
  const words = [
    ...['island', '--port', new URL(url).port, '--data-dir', join(folder, 'island')],
    ...settings.flatMap((setting) => ['--set', setting]),
  ];
  // With a channel: when that closes, nobody is there any more who started it.
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1] as string, ...words], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MEDKIT_'))),
  });
  let output = '';
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const ready = new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      output = `${output}${chunk}`.slice(-KEPT_OUTPUT);
      if (output.includes(`${url}/`)) resolve();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      const said = output.trim().split('\n').at(-1) ?? '';
      reject(new Error(`the process exited (${signal ?? code})${said && `: ${said}`}`));
    });
  });
  // Whoever starts it may be told of another failure first.
  ready.catch(() => undefined);
  const stop = async (): Promise<void> => {
    if (child.connected) child.disconnect();
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    await ended;
    clearTimeout(force);
  };
  return { ready, ended, pid: child.pid, stop };
}
