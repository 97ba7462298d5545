import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { skipReason } from '../harness/skip-reason.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';

const run = promisify(execFile);

/** Why there can be no namespaces on this machine: the reason of a skipped suite. */
export const namespacesMissing =
  process.getuid?.() === 0
    ? missingSystemPackages('namespaces')
    : skipReason('tests across network namespaces', 'they need root: run as root');

/** A machine of the simulated network: a network namespace with a cable to each switch. */
export interface Host {
  readonly name: string;
  /** Its IPv4 addresses, one per cable, on interfaces called `eth0`, `eth1`, ... */
  readonly addresses: readonly string[];
  /** The words before a command that is to run on this host. */
  readonly prefix: readonly string[];
  /** Pulls a cable (the first one): the interface loses its carrier, and no packets pass. */
  unplug(cable?: number): Promise<void>;
  plug(cable?: number): Promise<void>;
  /** Replaces the IPv4 addresses of a cable's interface (the first one) with this one, or removes them. */
  setAddress(address: string | undefined, cable?: number): Promise<void>;
}

export interface Network {
  readonly hosts: readonly Host[];
  /** Removes the namespaces. Processes in them must have ended. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Makes `hostCount` hosts (at most 9) with a cable to each of `switchCount` switches, isolated from every network of
 * this machine and from other simulated networks. A switch forwards multicast; there is no route to the outside.
 */
export async function openNetwork(hostCount: number, switchCount = 1): Promise<Network> {
  await removeForgotten();
  const lab: Lab = { name: `medkit-${process.pid}`, switches: upTo(switchCount) };
  const hosts = upTo(hostCount).map((number) => hostOf(lab, number));
  const network: Network = {
    hosts,
    [Symbol.asyncDispose]: async () => {
      for (const name of [...hosts.map((host) => host.name), wiringOf(lab)]) await ip('netns', 'delete', name);
    },
  };

  await ip('netns', 'add', wiringOf(lab));
  for (const cable of lab.switches) {
    // Snooping withholds multicast from ports without a recent join; a plain switch forwards it to all ports.
    await ip('-n', wiringOf(lab), 'link', 'add', `switch${cable}`, 'type', 'bridge', 'mcast_snooping', '0');
    await ip('-n', wiringOf(lab), 'link', 'set', `switch${cable}`, 'up');
  }
  for (const [number, { name }] of hosts.entries()) {
    await ip('netns', 'add', name);
    await ip('-n', name, 'link', 'set', 'lo', 'up');
    for (const cable of lab.switches) await layCable(lab, name, number, cable);
    await ip('-n', name, 'route', 'add', '239.0.0.0/8', 'dev', 'eth0');
  }
  return network;
}

interface Lab {
  readonly name: string;
  readonly switches: readonly number[];
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** Returns the namespace that contains the switches. */
const wiringOf = ({ name }: Lab) => `${name}-switch`;
const portOf = (host: number, cable: number) => `port${host + 1}-${cable}`;
const addressOf = (host: number, cable: number) => `10.99.${cable}.${host + 1}`;

async function layCable(lab: Lab, name: string, host: number, cable: number): Promise<void> {
  const [wiring, port, end] = [wiringOf(lab), portOf(host, cable), `eth${cable}`];
  await ip('-n', wiring, 'link', 'add', port, 'type', 'veth', 'peer', 'name', end, 'netns', name);
  await ip('-n', wiring, 'link', 'set', port, 'master', `switch${cable}`, 'up');
  await ip('-n', name, 'address', 'add', `${addressOf(host, cable)}/24`, 'dev', end);
  await ip('-n', name, 'link', 'set', end, 'up');
}

function hostOf(lab: Lab, number: number): Host {
  const name = `${lab.name}-${number + 1}`;
  const link = (cable: number, state: 'up' | 'down') =>
    ip('-n', wiringOf(lab), 'link', 'set', portOf(number, cable), state);
  return {
    name,
    addresses: lab.switches.map((cable) => addressOf(number, cable)),
    prefix: ['ip', 'netns', 'exec', name],
    unplug: (cable = 0) => link(cable, 'down'),
    plug: (cable = 0) => link(cable, 'up'),
    async setAddress(address, cable = 0) {
      await ip('-n', name, 'address', 'flush', 'dev', `eth${cable}`);
      if (address === undefined) return;
      await ip('-n', name, 'address', 'add', `${address}/24`, 'dev', `eth${cable}`);
      // The multicast route was removed with the last address.
      if (cable === 0) await ip('-n', name, 'route', 'replace', '239.0.0.0/8', 'dev', 'eth0');
    },
  };
}

/** Removes namespaces that a killed test left behind: those of processes that no longer exist. */
async function removeForgotten(): Promise<void> {
  const { stdout } = await run('ip', ['netns', 'list']);
  for (const line of stdout.split('\n')) {
    const [name = ''] = line.split(' ');
    const pid = /^medkit-(\d+)-/.exec(name)?.[1];
    if (pid && !existsSync(`/proc/${pid}`)) await ip('netns', 'delete', name);
  }
}

async function ip(...args: readonly string[]): Promise<void> {
  await run('ip', args, { timeout: 10_000 });
}
