import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Why there can be no namespaces here: the reason of a skipped suite. */
export const namespacesMissing = ((): string | undefined => {
  const what = 'left out: tests across network namespaces';
  if (process.getuid?.() !== 0) return `${what} (they need root: run as root)`;
  try {
    execFileSync('ip', ['netns', 'list'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return `${what} (they need the ip command: apt-get install iproute2)`;
  }
})();

/** A machine of the simulated network: a network namespace with one cable to the switch. */
export interface Host {
  readonly name: string;
  /** Its IPv4 address, on an interface called `eth`. */
  readonly address: string;
  /** The words in front of a command that is to run on this host. */
  readonly prefix: readonly string[];
  /** Pulls the cable: the interface loses its carrier, nothing comes in or goes out. */
  unplug(): Promise<void>;
  plug(): Promise<void>;
}

export interface Network {
  readonly hosts: readonly Host[];
  /** Removes the namespaces. Processes in them must have ended. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Makes `count` hosts (at most 9) on one switch, apart from every network of this machine. Multicast goes through the
 * switch; there is no way out of it.
 */
export async function openNetwork(count: number): Promise<Network> {
  await removeForgotten();
  const lab = `medkit-${process.pid}`;
  const bridge = `${lab}-switch`;
  const hosts = Array.from({ length: count }, (_, index) => hostOf(lab, bridge, index + 1));
  const network: Network = {
    hosts,
    [Symbol.asyncDispose]: async () => {
      for (const name of [...hosts.map((host) => host.name), bridge]) await ip('netns', 'delete', name);
    },
  };

  await ip('netns', 'add', bridge);
  // Snooping holds multicast back from ports that nobody has joined on lately; a plain switch sends it everywhere.
  await ip('-n', bridge, 'link', 'add', 'switch', 'type', 'bridge', 'mcast_snooping', '0');
  await ip('-n', bridge, 'link', 'set', 'switch', 'up');
  for (const [index, { name, address }] of hosts.entries()) {
    const port = portOf(index + 1);
    await ip('netns', 'add', name);
    await ip('-n', bridge, 'link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth', 'netns', name);
    await ip('-n', bridge, 'link', 'set', port, 'master', 'switch', 'up');
    await ip('-n', name, 'address', 'add', `${address}/24`, 'dev', 'eth');
    await ip('-n', name, 'link', 'set', 'lo', 'up');
    await ip('-n', name, 'link', 'set', 'eth', 'up');
    await ip('-n', name, 'route', 'add', '239.0.0.0/8', 'dev', 'eth');
  }
  return network;
}

const portOf = (number: number) => `port${number}`;

function hostOf(lab: string, bridge: string, number: number): Host {
  const name = `${lab}-${number}`;
  return {
    name,
    address: `10.99.0.${number}`,
    prefix: ['ip', 'netns', 'exec', name],
    unplug: () => ip('-n', bridge, 'link', 'set', portOf(number), 'down'),
    plug: () => ip('-n', bridge, 'link', 'set', portOf(number), 'up'),
  };
}

/** Removes what a test that was killed left behind: namespaces of processes that are no more. */
async function removeForgotten(): Promise<void> {
  const { stdout } = await run('ip', ['netns', 'list']);
  for (const line of stdout.split('\n')) {
    const [name = ''] = line.split(' ');
    const pid = /^medkit-(\d+)-/.exec(name)?.[1];
    if (pid && !existsSync(`/proc/${pid}`)) await ip('netns', 'delete', name);
  }
}

async function ip(...words: readonly string[]): Promise<void> {
  await run('ip', words, { timeout: 10_000 });
}
