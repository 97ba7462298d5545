import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../federation/free-port.ts';
import { type Program, startProgram } from './program.ts';

/** A dedicated server of NATS on a loopback port, with JetStream in a temporary folder. */
export interface NatsServer extends AsyncDisposable {
  readonly url: string;
  /** Number of connected clients. */
  connections(): Promise<number>;
  /** Kills it like a power failure. */
  kill(): Promise<void>;
  /** Suspends it: connections stay open, but get no answer. */
  pause(): void;
  resume(): void;
  /** Ends it if it is running, and starts it on the same port with its streams. */
  restart(): Promise<void>;
}

export interface NatsOptions {
  readonly hasJetStream?: boolean;
  /** Lines of the configuration. */
  readonly lines?: readonly string[];
}

/** Starts a server and waits until it listens. */
export async function startNats({ hasJetStream = true, lines = [] }: NatsOptions = {}): Promise<NatsServer> {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-nats-'));
  const [port, httpPort] = [await freePort(), await freePort()];
  const file = join(folder, 'nats.conf');
  const jetStream = hasJetStream ? [`jetstream { store_dir: "${join(folder, 'store')}" }`] : [];
  writeFileSync(
    file,
    `${[`listen: "127.0.0.1:${port}"`, `http: "127.0.0.1:${httpPort}"`, ...jetStream, ...lines].join('\n')}\n`,
  );
  const start = async (): Promise<Program> => {
    const program = startProgram(['-c', file], { command: ['/usr/sbin/nats-server'] });
    await program.printed(/Server is ready/);
    return program;
  };
  let program = await start();
  const kill = async (): Promise<void> => void (await program.end('SIGKILL'));
  return {
    url: `nats://127.0.0.1:${port}`,
    connections: async () => {
      const reply = await fetch(`http://127.0.0.1:${httpPort}/varz`);
      return ((await reply.json()) as { readonly connections: number }).connections;
    },
    kill,
    pause: () => void process.kill(program.pid, 'SIGSTOP'),
    resume: () => void process.kill(program.pid, 'SIGCONT'),
    async restart() {
      await kill();
      program = await start();
    },
    async [Symbol.asyncDispose]() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
