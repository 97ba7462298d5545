import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { addressFile, DemoAlreadyRunning, isAlive } from '../control/private-socket.ts';
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

/** The port that is proposed for a second demo. */
const OTHER_PORT = 8090;

/**
 * Throws `DemoFailed` if a demo has the domain, or could not be controlled on it: before anything is started. `command` is how a demo is
 * started here, such as `npm start --`.
 */
export async function refuseSecondDemo(environment: Environment, domainId: number, command: string): Promise<void> {
  try {
    const socket = controlSocketPath(environment, domainId);
    if (!(await isAlive(socket))) return;
    const other = domainId < 100 ? domainId + 1 : domainId - 1;
    throw new DemoAlreadyRunning(
      `a demo is already running on domain ${domainId}${addressBeside(socket)}: use it, stop it with Ctrl-C where it was started, or start another one with: ${command} --domain ${other} --port ${OTHER_PORT}`,
    );
  } catch (error) {
    const { name, message } = error as Error;
    throw new DemoFailed(message, name);
  }
}

/** Writes where the gateway of a demo is beside its control socket, for `refuseSecondDemo`; gives a way to remove it. */
export function noteDemoAddress(environment: Environment, domainId: number, url: string): () => void {
  const file = addressFile(controlSocketPath(environment, domainId));
  writeFileSync(file, url, { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

/** ` at http://127.0.0.1:8080`; empty for a demo that is still starting. */
function addressBeside(socket: string): string {
  const file = addressFile(socket);
  return existsSync(file) ? ` at ${readFileSync(file, 'utf8')}` : '';
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
