import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Publish } from './sse-server.ts';

/** A DDS domain for the measurements, on loopback only. */
export const BENCHMARK_DOMAIN = Number(process.env.BENCHMARK_DOMAIN ?? 87);
const environment = {
  ...process.env,
  ROS_DOMAIN_ID: String(BENCHMARK_DOMAIN),
  ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST',
  NODE_NO_WARNINGS: '1',
};
const cli = join(import.meta.dirname, '..', 'packages', 'programs', 'cli', 'src', 'main.ts');
/** Two runs at the same time, each with a `BENCHMARK_DOMAIN` of its own, must not meet here either. */
let nextPort = 18_080 + BENCHMARK_DOMAIN * 100;

export interface Started extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly pid: number;
}

function started(child: ChildProcess): Started {
  const ended = once(child, 'exit');
  return {
    child,
    pid: child.pid as number,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Nodes on the domain, in a process of their own. */
export async function startCrowd(nodes: number, ...options: readonly string[]): Promise<Started> {
  const child = fork(join(import.meta.dirname, 'crowd.ts'), ['--nodes', String(nodes), ...options], {
    env: environment,
  });
  await once(child, 'message');
  return started(child);
}

/** A program beside this file on the domain, in a process of its own. */
export async function startProgram(file: string, ...options: readonly string[]): Promise<Started> {
  const child = fork(join(import.meta.dirname, file), options, { env: environment });
  await once(child, 'message');
  return started(child);
}

/** A node of ours on the domain that serves `/sum`, in a process of its own. */
export async function startServant(): Promise<Started> {
  const child = fork(join(import.meta.dirname, 'servant.ts'), { env: environment });
  await once(child, 'message');
  return started(child);
}

/** `medkit vda5050` with this file, in a process of its own: an agent that has not begun to speak yet. */
export function startFleetAgent(file: string): Started {
  const words = [...process.execArgv, cli, 'vda5050', '--config', file];
  return started(spawn(process.execPath, words, { env: environment, stdio: ['ignore', 'ignore', 'inherit'] }));
}

export interface SseServer extends Started {
  /** Of the stream of each sender. */
  readonly urls: Readonly<Record<Publish['by'], string>>;
}

/** A gateway of a robot in memory, and a bare sender beside it, in one process of their own; see `sse-server.ts`. */
export async function startSseServer(clients: number): Promise<SseServer> {
  const child = fork(join(import.meta.dirname, 'sse-server.ts'), [String(clients)], { env: environment });
  const [urls] = await once(child, 'message');
  return { ...started(child), urls };
}

/** A gateway of a robot in memory with so many values, and a bare sender beside it, in one process; see `live-server.ts`. */
export async function startLiveServer(clients: number, values: number): Promise<SseServer> {
  const child = fork(join(import.meta.dirname, 'live-server.ts'), [clients, values].map(String), { env: environment });
  const [urls] = await once(child, 'message');
  return { ...started(child), urls };
}

/** A gateway of a robot in memory with the built pages, so many values and faults, and a bare page beside it; see `web-server.ts`. */
export async function startWebServer(
  values: number,
  faults: number,
): Promise<Started & { readonly urls: { readonly gateway: string; readonly bare: string } }> {
  const child = fork(join(import.meta.dirname, 'web-server.ts'), [values, faults].map(String), { env: environment });
  const [urls] = await once(child, 'message');
  return { ...started(child), urls };
}

/** Gateways of robots in memory, `count` from number `first` on, with so many apps each, in one process of their own. */
export async function startPeerGateways(
  first: number,
  count: number,
  apps: number,
): Promise<Started & { readonly urls: readonly string[] }> {
  const child = fork(join(import.meta.dirname, 'peer-gateways.ts'), [first, count, apps].map(String), {
    env: environment,
  });
  const [urls] = await once(child, 'message');
  return { ...started(child), urls };
}

/** The calibrator: a bare server that passes on what the streams at these addresses send. */
export async function startBareRelay(urls: readonly string[]): Promise<Started & { readonly url: string }> {
  const child = fork(join(import.meta.dirname, 'bare-relay.ts'), urls, { env: environment });
  const [url] = await once(child, 'message');
  return { ...started(child), url };
}

/** A node on the domain that publishes as much as it is told to, in a process of its own. */
export async function startTorrent(): Promise<Started> {
  const child = fork(join(import.meta.dirname, 'torrent.ts'), { env: environment });
  await once(child, 'message');
  return started(child);
}

export interface Gateway extends Started {
  readonly url: string;
  /** When the process was started, and when it first answered `GET /health` with 200, `performance.now()`. */
  readonly spawnedAtMs: number;
  readonly healthyAtMs: number;
}

/** `medkit up` on the domain, with further options of the command. What it stores goes when it ends. */
export const startGateway = (...options: readonly string[]): Promise<Gateway> =>
  startCommand([process.execPath, ...process.execArgv, cli], { options });

export interface CommandOptions {
  /** Besides those of the domain. */
  readonly env?: NodeJS.ProcessEnv;
  /** Further options of the command. */
  readonly options?: readonly string[];
}

/** The same of the command that begins with these words. */
export async function startCommand(
  [program, ...words]: readonly string[],
  { env, options = [] }: CommandOptions = {},
): Promise<Gateway> {
  const port = nextPort++;
  const url = `http://127.0.0.1:${port}/api/v1`;
  const folder = mkdtempSync(join(tmpdir(), 'medkit-bench-'));
  const spawnedAtMs = performance.now();
  const child = spawn(program, [...words, 'up', '--port', String(port), ...options], {
    env: { ...environment, ...env, MEDKIT_DATA_DIR: folder },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  child.once('exit', () => rmSync(folder, { recursive: true }));
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`the gateway ended with ${child.exitCode}`);
    return fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  });
  return { ...started(child), url, spawnedAtMs, healthyAtMs: performance.now() };
}

/** The calibrator: a bare server that sends `body`. */
export async function startBareServer(body: Uint8Array): Promise<Started & { readonly url: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'bare-server.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(body);
  const [line] = await once(child.stdout, 'data');
  return { ...started(child), url: `${String(line).trim()}/` };
}

/** Asks every two milliseconds until the answer is true. Fails after 20 s. */
export async function until(ask: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (performance.now() < deadline) {
    if (await ask()) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new Error('waited 20 s in vain');
}

/** Ids of the apps that the gateway shows. */
export async function appIds(url: string): Promise<readonly string[]> {
  const body = (await (await fetch(`${url}/apps`)).json()) as { items: readonly { id: string }[] };
  return body.items.map(({ id }) => id);
}
