import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packed } from './packed.ts';

const root = join(import.meta.dirname, '..', '..');
/** Where no Node but that of the machine is found, whatever started the tests. */
const PLAIN_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** medkit as `npm install -g` leaves it, in a folder of its own. */
export interface Installation {
  readonly prefix: string;
  /** The command. */
  readonly medkit: string;
  uninstall(): void;
  /** Removes what the test itself made. */
  clear(): void;
}

/** Installs the command without a registry, with the pinned Node where there is one here. */
export async function installFromTarball(): Promise<Installation> {
  const { command } = await packed();
  const folder = mkdtempSync(join(tmpdir(), 'medkit-installed-'));
  const prefix = join(folder, 'prefix');
  const npm = (...words: readonly string[]) =>
    execFileSync(
      'npm',
      [...words, '-g', '--prefix', prefix, '--offline', '--no-audit', '--no-fund', '--loglevel=error'],
      {
        cwd: folder,
        stdio: 'pipe',
      },
    );
  const node = `node-${process.platform}-${process.arch}`;
  const pinned = join(root, 'node_modules', node);
  const nodes = existsSync(pinned) ? [pinned] : [];
  npm('install', '--install-links', command, ...nodes);
  return {
    prefix,
    medkit: join(prefix, 'bin', 'medkit'),
    uninstall: () => npm('uninstall', 'medkit', ...nodes.map(() => node)),
    clear: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The environment of a user who has just logged in: compiled code is kept where that user keeps it, not where tests do. */
export const plainEnvironment = (home: string): Readonly<Record<string, string>> => ({
  PATH: PLAIN_PATH,
  HOME: home,
  NODE_COMPILE_CACHE: '',
});
