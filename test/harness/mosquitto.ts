import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../federation/free-port.ts';
import type { Certificate } from './certificates.ts';
import { type Program, startProgram } from './program.ts';

/** A dedicated broker on a loopback port, without persistence. */
export interface Mosquitto extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** Returns its log since the last start. */
  log(): string;
  /** Kills it like a power failure. */
  kill(): Promise<void>;
  /** Suspends it: connections stay open, but get no answer. */
  pause(): void;
  resume(): void;
  /** Ends it if it is running, and starts it on the same port. */
  restart(): Promise<void>;
}

export interface MosquittoOptions {
  /** Users with their passwords; anonymous access if absent. */
  readonly users?: Readonly<Record<string, string>>;
  readonly tls?: {
    readonly server: Certificate /** Who vouches for clients; they need no certificate when absent. */;
    readonly clientCa?: Certificate;
  };
  readonly maxConnections?: number;
  readonly maxPacketBytes?: number;
  /** Rejects all subscriptions. */
  readonly refusesSubscriptions?: boolean;
}

/** Starts Mosquitto and waits until it listens. */
export async function startMosquitto(options: MosquittoOptions = {}): Promise<Mosquitto> {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-mosquitto-'));
  const port = await freePort();
  const file = join(folder, 'mosquitto.conf');
  writeFileSync(file, `${configLines(options, folder, port).join('\n')}\n`);
  const start = async (): Promise<Program> => {
    const program = startProgram(['-c', file], { command: ['/usr/sbin/mosquitto'] });
    await program.printed(/running$/m);
    return program;
  };
  let program = await start();
  const kill = async (): Promise<void> => void (await program.end('SIGKILL'));
  return {
    url: `${options.tls ? 'mqtts' : 'mqtt'}://127.0.0.1:${port}`,
    get pid() {
      return program.pid;
    },
    log: () => program.output(),
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

function configLines(options: MosquittoOptions, folder: string, port: number): readonly string[] {
  const { users, tls, maxConnections, maxPacketBytes, refusesSubscriptions } = options;
  return [
    // Otherwise it would switch to another user, which cannot read the folder.
    ...(process.getuid?.() === 0 ? ['user root'] : []),
    'persistence false',
    'log_dest stderr',
    `listener ${port} 127.0.0.1`,
    ...(maxConnections === undefined ? [] : [`max_connections ${maxConnections}`]),
    ...(users ? [`password_file ${passwordFile(folder, users)}`] : ['allow_anonymous true']),
    ...(tls ? [`certfile ${tls.server.certFile}`, `keyfile ${tls.server.keyFile}`] : []),
    ...(tls?.clientCa ? [`cafile ${tls.clientCa.certFile}`, 'require_certificate true'] : []),
    ...(maxPacketBytes === undefined ? [] : [`max_packet_size ${maxPacketBytes}`]),
    ...(refusesSubscriptions ? securityPlugin(folder) : []),
  ];
}

function passwordFile(folder: string, users: Readonly<Record<string, string>>): string {
  const file = join(folder, 'passwords');
  writeFileSync(file, '', { mode: 0o600 });
  for (const [name, password] of Object.entries(users)) {
    execFileSync('/usr/bin/mosquitto_passwd', ['-b', file, name, password], { stdio: 'pipe' });
  }
  return file;
}

/** An `acl_file` restricts reading but rejects no subscription: only this plugin does. */
function securityPlugin(folder: string): readonly string[] {
  const file = join(folder, 'security.json');
  const defaultACLAccess = { publishClientSend: true, publishClientReceive: true, subscribe: false, unsubscribe: true };
  writeFileSync(file, JSON.stringify({ defaultACLAccess, clients: [], groups: [], roles: [] }));
  const [plugin] = globSync('/usr/lib/*/mosquitto_dynamic_security.so');
  return [`plugin ${plugin}`, `plugin_opt_config_file ${file}`];
}
