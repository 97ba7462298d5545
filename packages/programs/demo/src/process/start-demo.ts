import { DemoAlreadyRunning, isAlive } from '../control/private-socket.ts';
import { controlSocketPath } from '../control/socket-path.ts';
import type { ReceiverAddress } from '../receiver/webhook-receiver.ts';
import type { Environment } from './demo-environment.ts';
import { DemoFailed, type DemoProcess, startDemoProcess } from './demo-process.ts';

export interface DemoOptions {
  readonly domainId: number;
  /** Makes the noise of the sensors; the same seed gives the same. */
  readonly seed: number;
  readonly environment: Environment;
  /** What the demo keeps; the robot removes it when the process that made it was killed. */
  readonly folder: string;
  /**
   * Whether the robot moves only as a safety gate lets it (`startGate`), which is to be started too. Without it navigation moves
   * the robot and stops before people itself (default false).
   */
  readonly gate?: boolean;
  /** Port of the OPC UA server of a filling station, which is started too; without it there is none. */
  readonly plcPort?: number | undefined;
  /** Hears what is being started, in a few words. */
  readonly onStarting: (part: string) => void;
}

export interface RunningDemo extends Pick<DemoProcess, 'ended' | 'stop'> {
  /** Resolves when all nodes are up, with where webhooks can be delivered to; rejects with `DemoFailed`. */
  readonly ready: Promise<ReceiverAddress>;
}

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
export function startDemo({
  domainId,
  seed,
  environment,
  folder,
  gate,
  plcPort,
  onStarting,
}: DemoOptions): RunningDemo {
  const words = ['robot', '--domain', String(domainId), '--seed', String(seed), '--folder', folder];
  if (gate) words.push('--gate');
  if (plcPort !== undefined) words.push('--plc', String(plcPort));
  const { ready, ended, stop } = startDemoProcess({
    words,
    domainId,
    environment,
    onStarting,
  });
  const received = ready.then(({ receiver }) => {
    if (receiver === undefined) throw new DemoFailed('it has no receiver of webhooks', 'Ended');
    return receiver;
  });
  return { ready: received, ended, stop };
}
