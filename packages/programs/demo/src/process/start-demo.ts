import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { addressFile, DemoAlreadyRunning, isAlive } from '../control/private-socket.ts';
import { controlSocketPath } from '../control/socket-path.ts';
import type { ReceiverAddress } from '../receiver/webhook-receiver.ts';
import type { Environment } from './demo-environment.ts';
import { DemoFailed, type DemoProcess, startDemoProcess } from './demo-process.ts';

export interface DemoOptions {
  readonly domainId: number;
  /** Seed of the sensor noise. */
  readonly seed: number;
  readonly environment: Environment;
  /** Data folder of the demo; the robot removes it if the process that created it is killed. */
  readonly folder: string;
  /**
   * Whether a safety gate (`startGate`), which must also be started, controls the robot. Otherwise navigation controls the robot and
   * stops for people itself (default false).
   */
  readonly gate?: boolean;
  /** Port of the OPC UA server of a filling station, which is started too; undefined without one. */
  readonly plcPort?: number | undefined;
  /** Called with the part that is being started. */
  readonly onStarting: (part: string) => void;
}

export interface RunningDemo extends Pick<DemoProcess, 'ended' | 'stop'> {
  /** Resolves with the address of the webhook receiver when all nodes run; rejects with `DemoFailed`. */
  readonly ready: Promise<ReceiverAddress>;
}

/** Suggested port of a second demo. */
const OTHER_PORT = 8090;

/**
 * Throws `DemoFailed` before anything is started if a demo uses the domain, or could not be controlled on it. `command` starts a
 * demo here, such as `npm start --`.
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

/** Writes the address of a demo's gateway next to its control socket, for `refuseSecondDemo`. Returns a function that removes it. */
export function writeDemoAddress(environment: Environment, domainId: number, url: string): () => void {
  const file = addressFile(controlSocketPath(environment, domainId));
  writeFileSync(file, url, { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

/** ` at http://127.0.0.1:8080`; empty for a demo that is still starting. */
function addressBeside(socket: string): string {
  const file = addressFile(socket);
  return existsSync(file) ? ` at ${readFileSync(file, 'utf8')}` : '';
}

/** Starts the demo robot in a separate process, which ends with this one, even if this one is killed. */
export function startDemo({
  domainId,
  seed,
  environment,
  folder,
  gate,
  plcPort,
  onStarting,
}: DemoOptions): RunningDemo {
  const args = ['robot', '--domain', String(domainId), '--seed', String(seed), '--folder', folder];
  if (gate) args.push('--gate');
  if (plcPort !== undefined) args.push('--plc', String(plcPort));
  const { ready, ended, stop } = startDemoProcess({
    args,
    domainId,
    environment,
    onStarting,
  });
  const received = ready.then(({ receiver }) => {
    if (receiver === undefined) throw new DemoFailed('it reported no webhook receiver', 'Ended');
    return receiver;
  });
  return { ready: received, ended, stop };
}
