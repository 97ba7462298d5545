import { spawn } from 'node:child_process';
import { demoEnvironment, type Environment } from './demo-environment.ts';
import { entryPoint } from './entry-point.ts';
import type { ChildReport } from './ipc.ts';

export interface DemoOptions {
  readonly domainId: number;
  /** Makes the noise of the sensors; the same seed gives the same. */
  readonly seed: number;
  readonly environment: Environment;
}

/** The demo robot could not be started, or ended by itself. */
export class DemoFailed extends Error {
  override readonly name = 'DemoFailed';
  /** Name of the error in the robot's process, such as `DemoAlreadyRunning`. */
  readonly reason: string;

  constructor(text: string, reason: string) {
    super(text);
    this.reason = reason;
  }
}

export interface RunningDemo {
  /** Resolves when all nodes are up; rejects with `DemoFailed`. */
  readonly ready: Promise<void>;
  /** Resolves when the robot's process is gone. */
  readonly ended: Promise<void>;
  /** Ends the robot in order, and by force where that does not work. */
  stop(): Promise<void>;
}

/** The robot ends its camera and says goodbye for every node within this time, or is killed. */
const STOP_WITHIN_MS = 3000;

/** Starts the demo robot in a process of its own, which ends when this one does, however that happens. */
export function startDemo({ domainId, seed, environment }: DemoOptions): RunningDemo {
  const words = ['robot', '--domain', String(domainId), '--seed', String(seed)];
  const child = spawn(process.execPath, [...process.execArgv, entryPoint, ...words], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: demoEnvironment(environment, domainId),
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const ready = new Promise<void>((resolve, reject) => {
    child.on('message', (message: ChildReport) => {
      if (message.kind === 'ready') resolve();
      else reject(new DemoFailed(message.text, message.reason));
    });
    child.once('error', (error) => reject(new DemoFailed(error.message, error.name)));
    child.once('exit', (code, signal) => reject(new DemoFailed(`its process ended (${signal ?? code})`, 'Ended')));
  });
  const stop = async (): Promise<void> => {
    if (child.connected) child.disconnect();
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    await ended;
    clearTimeout(force);
  };
  return { ready, ended, stop };
}
