import { type ChildProcess, spawn } from 'node:child_process';
import { demoEnvironment, type Environment } from './demo-environment.ts';
import { entryPoint } from './entry-point.ts';
import type { ChildReport } from './ipc.ts';

/** A process of the demo failed to start, or exited unexpectedly. */
export class DemoFailed extends Error {
  override readonly name = 'DemoFailed';
  /** Error name in that process, such as `DemoAlreadyRunning`. */
  readonly reason: string;

  constructor(text: string, reason: string) {
    super(text);
    this.reason = reason;
  }
}

export interface DemoProcessOptions {
  /** The part to start, and its options. */
  readonly args: readonly string[];
  readonly domainId: number;
  readonly environment: Environment;
  /** Called with the part that is being started. */
  readonly onStarting?: (part: string) => void;
}

/** A process of the demo, which ends with this one, even if this one is killed. */
export interface DemoProcess {
  /** Resolves with its report when it is ready; rejects with `DemoFailed`. */
  readonly ready: Promise<ChildReport & { readonly kind: 'ready' }>;
  /** Resolves when it has exited. */
  readonly ended: Promise<void>;
  /** `undefined` if it could not be started. */
  readonly pid: number | undefined;
  /** Shuts it down; kills it if that fails. */
  stop(): Promise<void>;
}

/** Time after which the process is killed. Its own shutdown limit is shorter (`Lifetime`). */
const STOP_WITHIN_MS = 5000;

/** Starts a process of the demo on a domain, on loopback. */
export function startDemoProcess({ args, domainId, environment, onStarting }: DemoProcessOptions): DemoProcess {
  const child = spawn(process.execPath, [...process.execArgv, entryPoint, ...args], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: demoEnvironment(environment, domainId),
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  return { ready: untilReady(child, onStarting), ended, pid: child.pid, stop: () => stop(child, ended) };
}

function untilReady(child: ChildProcess, onStarting?: (part: string) => void): DemoProcess['ready'] {
  return new Promise((resolve, reject) => {
    child.on('message', (message: ChildReport) => {
      if (message.kind === 'starting') onStarting?.(message.part);
      else if (message.kind === 'failed') reject(new DemoFailed(message.text, message.reason));
      else resolve(message);
    });
    child.once('error', (error) => reject(new DemoFailed(error.message, error.name)));
    child.once('exit', (code, signal) => reject(new DemoFailed(`its process ended (${signal ?? code})`, 'Ended')));
  });
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.connected) child.disconnect();
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await ended;
  clearTimeout(force);
}
