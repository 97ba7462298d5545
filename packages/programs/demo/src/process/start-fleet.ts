import type { Environment } from './demo-environment.ts';
import { DemoFailed, type DemoProcess, startDemoProcess } from './demo-process.ts';

export interface FleetProcessOptions {
  readonly domainId: number;
  readonly environment: Environment;
  /** Gateway of the robot, and a file with its token. */
  readonly gateway: { readonly url: string; readonly tokenFile?: string };
  /** Data folder of the robot's agent. */
  readonly folder: string;
  /** An existing broker (`mqtt://…`); without one, the fleet starts its own. */
  readonly broker?: string;
}

/** A running fleet. */
export interface RunningFleet extends Omit<DemoProcess, 'ready'> {
  /** Resolves with the address of the broker when the fleet is ready; rejects with `DemoFailed`. */
  readonly ready: Promise<string>;
}

/**
 * Starts a fleet in a separate process, which ends with this one, even if this one is killed: a broker, the robot's agent, a second
 * robot, and a fleet control for both.
 */
export function startFleet({ domainId, environment, gateway, folder, broker }: FleetProcessOptions): RunningFleet {
  const args = ['fleet', '--domain', String(domainId), '--gateway', gateway.url, '--folder', folder];
  if (gateway.tokenFile !== undefined) args.push('--key', gateway.tokenFile);
  if (broker !== undefined) args.push('--broker', broker);
  const { ready, ...fleet } = startDemoProcess({ args, domainId, environment });
  const address = ready.then((report) => {
    if (report.broker === undefined) throw new DemoFailed('it reported no broker', 'Ended');
    return report.broker;
  });
  // The caller may await other parts first.
  address.catch(() => undefined);
  return { ...fleet, ready: address };
}
