import { execFileSync } from 'node:child_process';
import { chownSync, globSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cpuMsOf } from './process-use.ts';
import { type Program, startProgram } from './program.ts';

/** A dedicated server of PostgreSQL on a Unix socket, never the cluster of the system. */
export interface Postgres extends AsyncDisposable {
  /** URL of an empty database. */
  readonly url: string;
  /** Returns the URL with other parts. */
  address(parts: { readonly user?: string; readonly password?: string; readonly database?: string }): string;
  /** Runs SQL as the owner of the server, outside the store. Returns its output. */
  psql(sql: string): string;
  /** Returns the processor time of its processes that run now, milliseconds. */
  cpuMs(): number;
  /** Kills it like a power failure. */
  kill(): Promise<void>;
  /** Ends it if it is running, and starts it again. */
  restart(): Promise<void>;
  /** Ends it, copies its data, and starts it again. */
  backUp(): Promise<void>;
  /** Kills it, and starts a server with the copy at the same address, as after a failover to a server that is behind. */
  failOver(): Promise<void>;
}

const USER = 'medkit';
/** Bytes of the output of one statement. */
const MAX_OUTPUT = 2 ** 28;
const PASSWORD = 'correct horse';

/** Settings of a server that tests can afford: no wait for the disk. A power failure is not part of these tests. */
const SETTINGS = {
  fsync: 'off',
  full_page_writes: 'off',
  shared_buffers: '16MB',
  max_wal_size: '256MB',
  max_connections: '300',
  autovacuum: 'off',
  listen_addresses: "''",
};

/** Changes of the settings for a server whose speed is measured: those of PostgreSQL. */
export const MEASURED_SETTINGS: Partial<typeof SETTINGS> = {
  fsync: 'on',
  full_page_writes: 'on',
  shared_buffers: '128MB',
  max_wal_size: '1GB',
  autovacuum: 'on',
};

/**
 * Creates a cluster in a temporary folder and starts it. The kernel ends it with this process, even if that is killed.
 * The server refuses to run as root, and runs as the user `postgres` of the package then.
 */
export async function startPostgres(changes: Partial<typeof SETTINGS> = {}): Promise<Postgres> {
  const [bin] = globSync('/usr/lib/postgresql/*/bin/initdb').sort().reverse().map(dirname);
  const folder = mkdtempSync(join(tmpdir(), 'medkit-postgres-'));
  const isRoot = process.getuid?.() === 0;
  const asUser = isRoot ? ['--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];
  if (isRoot) chownSync(folder, idOf('-u'), idOf('-g'));
  const data = join(folder, 'data');
  const copy = join(folder, 'copy');
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, PASSWORD);
  const initialize = ['--pgdata', data, '--username', USER, '--pwfile', passwordFile, '--auth', 'scram-sha-256'];
  execFileSync(
    '/usr/bin/setpriv',
    [
      ...asUser,
      join(bin, 'initdb'),
      ...initialize,
      '--no-sync',
      '--encoding=UTF8',
      // An order that differs from that of SQLite, if the machine has it.
      '--locale=C.UTF-8',
    ],
    { stdio: 'pipe', cwd: folder },
  );
  const settings = Object.entries({ ...SETTINGS, ...changes }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value.replaceAll("'", '')}`,
  ]);
  const start = async (): Promise<Program> => {
    const program = startProgram(['-D', data, '-k', folder, ...settings], {
      command: ['/usr/bin/setpriv', '--pdeathsig=KILL', ...asUser, join(bin, 'postgres')],
      cwd: folder,
      env: { LC_ALL: 'C' },
    });
    await program.printed(/ready to accept connections/);
    return program;
  };
  let program = await start();
  const address: Postgres['address'] = ({ user = USER, password = PASSWORD, database = 'postgres' }) =>
    `postgres://${user}:${encodeURIComponent(password)}@${encodeURIComponent(folder)}/${database}`;
  // The postmaster removes the socket file of a killed server when it starts.
  const kill = async (): Promise<void> => void (await program.end('SIGQUIT'));
  return {
    url: address({}),
    address,
    psql: (sql) =>
      execFileSync('/usr/bin/psql', ['-h', folder, '-U', USER, '-d', 'postgres', '-At', '-c', sql], {
        encoding: 'utf8',
        maxBuffer: MAX_OUTPUT,
        env: { ...process.env, PGPASSWORD: PASSWORD },
      }).trim(),
    cpuMs: () => {
      const { pid } = program;
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
      return [`${pid}`, ...children].reduce((sum, each) => sum + cpuMsOf(each), 0);
    },
    kill,
    async restart() {
      await kill();
      program = await start();
    },
    async backUp() {
      await program.end('SIGINT');
      execFileSync('cp', ['--archive', data, copy]);
      program = await start();
    },
    async failOver() {
      await kill();
      rmSync(data, { recursive: true });
      renameSync(copy, data);
      program = await start();
    },
    async [Symbol.asyncDispose]() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
