import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

/** Default port of the island's gateway, next to the default port of the robot's gateway. */
const ISLAND_PORT = 8081;
/** Name of the island in the gateway of the robot. */
export const ISLAND_PEER = 'safety_island';
/** Maximum time for an orderly shutdown; then the process is killed. */
const STOP_WITHIN_MS = 5000;
/** Characters of recent output that are stored, for the error message if it does not start. */
const MAX_OUTPUT = 2000;

/** Address of the island's gateway, and its ingest address for the safety gate. */
export interface IslandPlace {
  readonly url: string;
  readonly ingest: { readonly address: string; readonly keyFile: string };
}

export interface RunningIsland {
  /** Resolves when the gateway answers; rejects if its process exits earlier. */
  readonly ready: Promise<void>;
  /** Resolves when its process has exited. */
  readonly ended: Promise<void>;
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

/**
 * Creates a key and chooses a port, which are needed before any process starts. If the robot's gateway does not use its default
 * port, this chooses any free port too: two demos that start together would both find the default port free, and one would
 * aggregate the island of the other.
 */
export async function islandPlace(folder: string, isUsualPort: boolean): Promise<IslandPlace> {
  const keyFile = join(folder, 'island.key');
  mkdirSync(folder, { recursive: true });
  writeFileSync(keyFile, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
  const port = await freePort(isUsualPort ? ISLAND_PORT : 0);
  return { url: `http://127.0.0.1:${port}`, ingest: { address: `unix:${join(folder, 'ingest.sock')}`, keyFile } };
}

/** Starts the gateway of the island in a separate process, which ends with this one, even if this one is killed. */
export function startIsland(folder: string, { url, ingest }: IslandPlace): RunningIsland {
  const settings = [`island.listen=${ingest.address}`, `island.key_file=${ingest.keyFile}`];
  const args = [
    ...['island', '--port', new URL(url).port, '--data-dir', join(folder, 'island')],
    ...settings.flatMap((setting) => ['--set', setting]),
  ];
  // With an IPC channel: the child stops when the channel closes because this process has exited.
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1] as string, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MEDKIT_'))),
  });
  let output = '';
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const ready = new Promise<void>((resolve, reject) => {
    const collectOutput = (chunk: Buffer): void => {
      output = `${output}${chunk}`.slice(-MAX_OUTPUT);
      if (output.includes(`${url}/`)) resolve();
    };
    child.stdout?.on('data', collectOutput);
    child.stderr?.on('data', collectOutput);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      const said = output.trim().split('\n').at(-1) ?? '';
      reject(new Error(`the process exited (${signal ?? code})${said && `: ${said}`}`));
    });
  });
  // The caller may handle another failure first and never await this promise.
  ready.catch(() => undefined);
  const stop = async (): Promise<void> => {
    if (child.connected) child.disconnect();
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    await ended;
    clearTimeout(force);
  };
  return { ready, ended, pid: child.pid, stop };
}
