import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { eventually } from '../harness/eventually.ts';
import { type Inbox, openInbox } from './inbox.ts';
import { type PeerEvent, subjectOf } from './peer-events.ts';
import { peerPrograms, type Vendor } from './peer-programs.ts';

export interface PeerOptions {
  readonly vendor: Vendor;
  readonly domainId: number;
  /** Default `localhost`: unicast on 127.0.0.1. `shm` is Fast DDS's with its default transports. */
  readonly discovery?: 'localhost' | 'multicast' | 'shm';
  /** The interfaces for multicast; only 127.0.0.1 if absent. */
  readonly addresses?: readonly string[];
  /** Participant lease; the vendor's default if absent (Cyclone DDS 10 s, Fast DDS 20 s). */
  readonly leaseMs?: number;
  /** 24 for the layout of Humble (default 16). */
  readonly gidOctets?: 16 | 24;
  /** Fast DDS only. */
  readonly bigEndian?: boolean;
  /** It exits by itself after this time (default two minutes). */
  readonly lifeSeconds?: number;
  /** Executed before any other command. */
  readonly commands?: readonly string[];
  /** The words before the program: `ip netns exec <name>`. */
  readonly prefix?: readonly string[];
}

/** A running peer process. */
export interface Peer {
  readonly vendor: Vendor;
  /** GUID of its participant. */
  readonly gid: string;
  readonly events: Inbox<PeerEvent>;
  command(line: string): void;
  /** Takes the first event of this kind (and topic, or name of a service), past or future. */
  event<K extends PeerEvent['event']>(
    kind: K,
    topic?: string,
    withinMs?: number,
  ): Promise<Extract<PeerEvent, { event: K }>>;
  /** Waits until an endpoint of the topic has this many matches. */
  matched(topic: string, count?: number, withinMs?: number): Promise<void>;
  /** SIGTERM: it deletes its participant and exits. Returns the exit code. */
  quit(): Promise<number | null>;
  /** SIGKILL: it exits without notice. */
  kill(): Promise<void>;
  /** SIGSTOP: once this resolves it is suspended, and datagrams wait in its sockets. */
  stop(): Promise<void>;
  /** SIGCONT: resumes it. */
  resume(): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Returns the states of the threads of a process, a letter each (proc_pid_stat(5)): `T` for a stopped one. */
function threadStates(pid: number | undefined): readonly (string | undefined)[] {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.map(
    (thread) => /^\d+ \(.*\) (\S)/.exec(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8'))?.[1],
  );
}

/** A peer whose test has crashed exits by itself after this time. */
const LIFE_SECONDS = 120;

/** Maximum time for a peer's clean exit. */
const QUIT_TIMEOUT_MS = 10_000;

/** Starts a peer and waits until its participant exists. It ends with its scope. */
export async function startPeer(options: PeerOptions): Promise<Peer> {
  const program = (await peerPrograms())[options.vendor];
  const [command, ...args] = [...(options.prefix ?? []), program, ...argsOf(options)];
  const child = spawn(command!, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const events = openInbox<PeerEvent>((event) => JSON.stringify(event));
  let complaints = '';
  child.stderr.on('data', (chunk) => {
    complaints = (complaints + chunk).slice(-2000);
  });
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => events.push(JSON.parse(line)));
  // The pipe breaks if the peer exits first; its exit is reported below.
  child.stdin.on('error', () => child.stdin.destroy());
  const ended = new Promise<number | null>((resolve) => {
    child.on('error', (error) => events.end(error.message));
    child.on('close', (code, signal) => {
      events.end(`the ${options.vendor} peer ended (${signal ?? code}) ${complaints}`);
      resolve(code);
    });
  });

  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    // A stopped process cannot exit cleanly.
    child.kill('SIGCONT');
    const timer = setTimeout(() => child.kill('SIGKILL'), QUIT_TIMEOUT_MS);
    const code = await ended;
    clearTimeout(timer);
    return code;
  };
  const peer: Omit<Peer, 'gid'> = {
    vendor: options.vendor,
    events,
    command: (line) => child.stdin.write(`${line}\n`),
    event: (kind, topic, withinMs) =>
      events.take(
        `"${kind}"${topic ? ` of ${topic}` : ''}`,
        (event): event is Extract<PeerEvent, { event: typeof kind }> =>
          event.event === kind && (topic === undefined || subjectOf(event) === topic),
        withinMs,
      ),
    async matched(topic, count = 1, withinMs) {
      const wanted = (event: PeerEvent) => event.event === 'matched' && event.topic === topic && event.count === count;
      await events.take(`${count} matches of ${topic}`, wanted, withinMs);
    },
    async stop() {
      child.kill('SIGSTOP');
      // On a busy machine its threads continue for a moment, in which they would accept a request and never answer it.
      await eventually('all its threads stand still', async () =>
        threadStates(child.pid).every((state) => state === 'T'),
      );
    },
    resume: () => void child.kill('SIGCONT'),
    quit: () => end('SIGTERM'),
    kill: async () => void (await end('SIGKILL')),
    [Symbol.asyncDispose]: async () => void (child.exitCode === null && (await end('SIGTERM'))),
  };
  try {
    const { gid } = await peer.event('ready');
    return { ...peer, gid };
  } catch (error) {
    await end('SIGKILL');
    throw error;
  }
}

function argsOf(options: PeerOptions): readonly string[] {
  const {
    domainId,
    discovery = 'localhost',
    addresses = [],
    leaseMs,
    gidOctets = 16,
    bigEndian,
    commands = [],
  } = options;
  return [
    `--domain=${domainId}`,
    `--discovery=${discovery}`,
    `--gid=${gidOctets}`,
    `--life=${options.lifeSeconds ?? LIFE_SECONDS}`,
    ...addresses.map((address) => `--address=${address}`),
    ...(leaseMs ? [`--lease=${leaseMs / 1000}`] : []),
    ...(bigEndian ? ['--big-endian'] : []),
    ...commands,
  ];
}
