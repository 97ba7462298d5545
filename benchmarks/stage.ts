import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Publish } from './sse-server.ts';

/** A DDS domain for the benchmarks, on loopback only. */
export const BENCHMARK_DOMAIN = Number(process.env.BENCHMARK_DOMAIN ?? 87);
const environment = {
  ...process.env,
  ROS_DOMAIN_ID: String(BENCHMARK_DOMAIN),
  ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST',
  NODE_NO_WARNINGS: '1',
};
const cli = join(import.meta.dirname, '..', 'packages', 'programs', 'cli', 'src', 'main.ts');
/** Two runs at the same time with different `BENCHMARK_DOMAIN`s must not share ports either. */
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

/** Starts nodes on the domain in a separate process. */
export async function startCrowd(nodes: number, ...options: readonly string[]): Promise<Started> {
  const child = fork(join(import.meta.dirname, 'crowd.ts'), ['--nodes', String(nodes), ...options], {
    env: environment,
  });
  await once(child, 'message');
  return started(child);
}

/** Starts a program of this folder on the domain in a separate process. */
export async function startProgram(file: string, ...options: readonly string[]): Promise<Started> {
  const child = fork(join(import.meta.dirname, file), options, { env: environment });
  await once(child, 'message');
  return started(child);
}

/** Starts a medkit node that serves `/sum` on the domain, in a separate process. */
export async function startServiceNode(): Promise<Started> {
  const child = fork(join(import.meta.dirname, 'service-node.ts'), { env: environment });
  await once(child, 'message');
  return started(child);
}

/** Starts `medkit vda5050` with this file in a separate process. The agent has not connected yet. */
export function startFleetAgent(file: string): Started {
  const args = [...process.execArgv, cli, 'vda5050', '--config', file];
  return started(spawn(process.execPath, args, { env: environment, stdio: ['ignore', 'ignore', 'inherit'] }));
}

export interface SseServer extends Started {
  /** Address of each sender's stream. */
  readonly urls: Readonly<Record<Publish['by'], string>>;
}

/** Starts a gateway of an in-memory robot and a bare sender in one separate process; see `sse-server.ts`. */
export async function startSseServer(clients: number): Promise<SseServer> {
  const child = fork(join(import.meta.dirname, 'sse-server.ts'), [String(clients)], { env: environment });
  const [urls] = await once(child, 'message');
  return { ...started(child), urls };
}

/**
 * Starts a gateway of an in-memory robot with this many values and a bare sender in one process; see `live-server.ts`.
 */
export async function startLiveServer(clients: number, values: number): Promise<SseServer> {
  const child = fork(join(import.meta.dirname, 'live-server.ts'), [clients, values].map(String), { env: environment });
  const [urls] = await once(child, 'message');
  return { ...started(child), urls };
}

/**
 * Starts a gateway of an in-memory robot with the built pages, values and faults, and a bare page; see `web-server.ts`.
 */
export async function startWebServer(
  values: number,
  faults: number,
): Promise<Started & { readonly urls: { readonly gateway: string; readonly baseline: string } }> {
  const child = fork(join(import.meta.dirname, 'web-server.ts'), [values, faults].map(String), { env: environment });
  const [urls] = await once(child, 'message');
  return { ...started(child), urls };
}

/**
 * Starts `count` gateways of in-memory robots, from number `first` on, with this many apps each, in one separate
 * process.
 */
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

/** Starts the calibrator: a bare server that forwards the streams at these addresses. */
export async function startBaselineRelay(urls: readonly string[]): Promise<Started & { readonly url: string }> {
  const child = fork(join(import.meta.dirname, 'baseline-relay.ts'), urls, { env: environment });
  const [url] = await once(child, 'message');
  return { ...started(child), url };
}

/** Starts a node on the domain that publishes at the requested rate, in a separate process. */
export async function startTrafficGenerator(): Promise<Started> {
  const child = fork(join(import.meta.dirname, 'traffic-generator.ts'), { env: environment });
  await once(child, 'message');
  return started(child);
}

export interface Gateway extends Started {
  readonly url: string;
  /** Times of the process start and of the first 200 of `GET /health`, `performance.now()`. */
  readonly spawnedAtMs: number;
  readonly healthyAtMs: number;
}

/** Starts `medkit up` on the domain with further options. Its storage is deleted when it ends. */
export const startGateway = (...options: readonly string[]): Promise<Gateway> =>
  startCommand([process.execPath, ...process.execArgv, cli], { options });

export interface CommandOptions {
  /** Variables in addition to those of the domain. */
  readonly env?: NodeJS.ProcessEnv;
  /** Further options of the command. */
  readonly options?: readonly string[];
}

/** Like `startGateway`, for a command that begins with these words. */
export async function startCommand(
  [program, ...args]: readonly string[],
  { env, options = [] }: CommandOptions = {},
): Promise<Gateway> {
  const port = nextPort++;
  const url = `http://127.0.0.1:${port}/api/v1`;
  const folder = mkdtempSync(join(tmpdir(), 'medkit-bench-'));
  const spawnedAtMs = performance.now();
  const child = spawn(program, [...args, 'up', '--port', String(port), ...options], {
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

/** Starts the calibrator: a bare server that sends `body`. */
export async function startBaselineServer(body: Uint8Array): Promise<Started & { readonly url: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'baseline-server.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(body);
  const [line] = await once(child.stdout, 'data');
  return { ...started(child), url: `${String(line).trim()}/` };
}

/** Polls every two milliseconds until the result is true. Fails after 20 s. */
export async function until(ask: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (performance.now() < deadline) {
    if (await ask()) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new Error('waited 20 s in vain');
}

/** Returns the ids of the apps that the gateway shows. */
export async function appIds(url: string): Promise<readonly string[]> {
  const body = (await (await fetch(`${url}/apps`)).json()) as { items: readonly { id: string }[] };
  return body.items.map(({ id }) => id);
}
