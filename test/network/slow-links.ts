import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { skipReason } from '../harness/skip-reason.ts';
import { type Inbox, openInbox } from '../interop/inbox.ts';
import { namespacesMissing } from './namespaces.ts';

const run = promisify(execFile);
const ip = (...args: readonly string[]) => run('ip', args, { timeout: 10_000 });

/** The line of one host, in each direction, as `tc netem` has it. */
export interface LinkShape {
  readonly delayMs: number;
  readonly jitterMs: number;
  readonly lossPercent: number;
  readonly kbitPerSec: number;
}

/** A host behind a slow link. Its only interface besides loopback is `eth0`. */
export interface SlowHost {
  readonly name: string;
  /** The words before a command that is to run on this host. */
  readonly prefix: readonly string[];
  /** Bytes of the IP packets that its interface has sent and received. */
  octets(): Promise<{ readonly sent: number; readonly received: number }>;
}

export interface SlowLinks extends AsyncDisposable {
  /** The address of this machine for all hosts. */
  readonly address: string;
  readonly hosts: readonly SlowHost[];
}

/** Packets that wait on a link: the default of netem. */
const MAX_PACKETS = 1000;
const PYTHON = '/usr/bin/python3';
/** Address of this machine for the hosts, on its loopback interface. */
const ADDRESS = '10.98.255.1';

/** Why there can be no slow links on this machine: the reason of a skipped suite. */
export const slowLinksMissing =
  namespacesMissing ||
  (existsSync('/dev/net/tun') && existsSync(PYTHON)
    ? false
    : skipReason('tests over slow links', 'they need /dev/net/tun and python3'));

/**
 * Makes `count` hosts (at most 200) with a slow link to this machine each: of the kernel's qdisc netem, or of
 * `slow-link.py` if the kernel lacks it, as kernels of small virtual machines do.
 */
export async function openSlowLinks(count: number, shape: LinkShape): Promise<SlowLinks> {
  const links = Array.from({ length: count }, (_, at) => ({
    name: `bud-${process.pid}-${at + 1}`,
    here: `bud${at + 1}`,
    subnet: `10.98.${at + 1}`,
  }));
  const resources = new AsyncDisposableStack();
  try {
    for (const { name } of links) {
      await ip('netns', 'add', name);
      resources.defer(async () => void (await ip('netns', 'delete', name)));
    }
    if (!(await openNetem(links, shape, resources))) await openEmulator(links, shape, resources);
    await ip('address', 'add', `${ADDRESS}/32`, 'dev', 'lo');
    resources.defer(async () => void (await ip('address', 'delete', `${ADDRESS}/32`, 'dev', 'lo')));
    for (const { name, here, subnet } of links) {
      await ip('address', 'add', `${subnet}.1/30`, 'dev', here);
      await ip('link', 'set', here, 'up');
      await ip('-n', name, 'address', 'add', `${subnet}.2/30`, 'dev', 'eth0');
      for (const device of ['lo', 'eth0']) await ip('-n', name, 'link', 'set', device, 'up');
      await ip('-n', name, 'route', 'add', 'default', 'via', `${subnet}.1`);
    }
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
  return {
    address: ADDRESS,
    hosts: links.map(({ name }) => ({ name, prefix: ['ip', 'netns', 'exec', name], octets: () => octetsOf(name) })),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

interface Link {
  readonly name: string;
  /** The interface on this machine. */
  readonly here: string;
}

/** Connects the hosts with virtual cables and netem at both ends. Returns false if the kernel has no netem. */
async function openNetem(links: readonly Link[], shape: LinkShape, resources: AsyncDisposableStack): Promise<boolean> {
  const { delayMs, jitterMs, lossPercent, kbitPerSec } = shape;
  const netem = ['root', 'netem', 'delay', `${delayMs}ms`, `${jitterMs}ms`, 'loss', `${lossPercent}%`];
  for (const { name, here } of links) {
    await ip('link', 'add', here, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
    for (const device of [['dev', here] as const, ['dev', 'eth0'] as const]) {
      const place = device[1] === here ? [] : ['-n', name];
      try {
        await run('tc', [...place, 'qdisc', 'add', ...device, ...netem, 'rate', `${kbitPerSec}kbit`]);
      } catch (error) {
        await ip('link', 'delete', here);
        if (/qdisc kind is unknown/.test(String(error))) return false;
        throw error;
      }
    }
    resources.defer(async () => void (await ip('link', 'delete', here).catch(() => undefined)));
  }
  return true;
}

async function openEmulator(links: readonly Link[], shape: LinkShape, resources: AsyncDisposableStack): Promise<void> {
  const { delayMs, jitterMs, lossPercent, kbitPerSec } = shape;
  const numbers = [delayMs, jitterMs, lossPercent, kbitPerSec, MAX_PACKETS].map(String);
  const devices = links.flatMap(({ name, here }) => [here, `${here}-far`, name]);
  const child = spawn(PYTHON, [join(import.meta.dirname, 'slow-link.py'), ...numbers, ...devices], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines: Inbox<string> = openInbox((line) => line);
  child.stdout.on('data', (chunk: Buffer) => lines.push(chunk.toString().trim()));
  const ended = new Promise<void>((resolve) => {
    child.on('error', ({ message }) => lines.end(message));
    child.on('close', (code) => {
      lines.end(`slow-link.py ended (${code})`);
      resolve();
    });
  });
  resources.defer(async () => {
    child.stdin.end();
    await ended;
  });
  await lines.take('the links', (line) => line === 'ready');
}

async function octetsOf(name: string): Promise<{ readonly sent: number; readonly received: number }> {
  const { stdout } = await ip('-n', name, '-s', '-j', 'link', 'show', 'eth0');
  const [{ stats64: stats }] = JSON.parse(stdout);
  return { sent: stats.tx.bytes, received: stats.rx.bytes };
}
