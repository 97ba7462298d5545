import type { Environment } from './demo-environment.ts';
import { DemoFailed, type DemoProcess, startDemoProcess } from './demo-process.ts';

export interface FleetProcessOptions {
  readonly domainId: number;
  readonly environment: Environment;
  /** The gateway of the robot, and a file with the token that it asks for. */
  readonly gateway: { readonly url: string; readonly tokenFile?: string };
  /** What the agent of the robot keeps. */
  readonly folder: string;
  /** A broker that is there already (`mqtt://…`); without one the fleet brings its own. */
  readonly broker?: string;
}

/** The fleet as it runs. */
export interface RunningFleet extends Omit<DemoProcess, 'ready'> {
  /** Resolves with the address of the broker when all of it is up; rejects with `DemoFailed`. */
  readonly ready: Promise<string>;
}

/**
 * Starts a fleet in a process of its own, which ends when this one does, however that happens: a broker, the robot's agent, a
 * second robot, and a fleet control of the two.
 */
export function startFleet({ domainId, environment, gateway, folder, broker }: FleetProcessOptions): RunningFleet {
  const words = ['fleet', '--domain', String(domainId), '--gateway', gateway.url, '--folder', folder];
  if (gateway.tokenFile !== undefined) words.push('--key', gateway.tokenFile);
  if (broker !== undefined) words.push('--broker', broker);
  const { ready, ...fleet } = startDemoProcess({ words, domainId, environment });
  const address = ready.then((report) => {
    if (report.broker === undefined) throw new DemoFailed('it has no broker', 'Ended');
    return report.broker;
  });
  // Whoever starts it may wait for others first.
  address.catch(() => undefined);
  return { ...fleet, ready: address };
}
