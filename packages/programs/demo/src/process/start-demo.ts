import { spawn } from 'node:child_process';
import { DemoAlreadyRunning, isAlive } from '../control/control-server.ts';
import { controlSocketPath } from '../control/socket-path.ts';
import type { ReceiverAddress } from '../receiver/webhook-receiver.ts';
import { demoEnvironment, type Environment } from './demo-environment.ts';
import { entryPoint } from './entry-point.ts';
import type { ChildReport } from './ipc.ts';

export interface DemoOptions {
  readonly domainId: number;
  /** Makes the noise of the sensors; the same seed gives the same. */
  readonly seed: number;
  readonly environment: Environment;
  /** What the demo keeps; the robot removes it when the process that made it was killed. */
  readonly folder: string;
  /** Hears what is being started, in a few words. */
  readonly onStarting: (part: string) => void;
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
  /** Resolves when all nodes are up, with where webhooks can be delivered to; rejects with `DemoFailed`. */
  readonly ready: Promise<ReceiverAddress>;
  /** Resolves when the robot's process is gone. */
  readonly ended: Promise<void>;
  /** Ends the robot in order, and by force where that does not work. */
  stop(): Promise<void>;
}

/** The robot ends its camera and says goodbye for every node within this time, or is killed. */
const STOP_WITHIN_MS = 3000;

/** Throws `DemoFailed` where a demo has the domain, or could not be controlled on it: before anything is started. */
export async function refuseSecondDemo(environment: Environment, domainId: number): Promise<void> {
  try {
    if (await isAlive(controlSocketPath(environment, domainId))) throw new DemoAlreadyRunning();
  } catch (error) {
    const { name, message } = error as Error;
    throw new DemoFailed(message, name);
  }
}

/** Starts the demo robot in a process of its own, which ends when this one does, however that happens. */
export function startDemo({ domainId, seed, environment, folder, onStarting }: DemoOptions): RunningDemo {
  const words = ['robot', '--domain', String(domainId), '--seed', String(seed), '--folder', folder];
  const child = spawn(process.execPath, [...process.execArgv, entryPoint, ...words], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: demoEnvironment(environment, domainId),
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const ready = new Promise<ReceiverAddress>((resolve, reject) => {
    child.on('message', (message: ChildReport) => {
      if (message.kind === 'starting') onStarting(message.part);
      else if (message.kind === 'failed') reject(new DemoFailed(message.text, message.reason));
      else if (message.receiver) resolve(message.receiver);
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
