import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packed } from './packed.ts';

const root = join(import.meta.dirname, '..', '..');
/** A PATH on which only the machine's Node is found, whatever started the tests. */
const PLAIN_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** medkit as installed by `npm install -g`, in a separate folder. */
export interface Installation {
  readonly prefix: string;
  /** Path of the command. */
  readonly medkit: string;
  uninstall(): void;
  /** Removes the files of the test itself. */
  clear(): void;
}

/** Installs the command without a registry, with the pinned Node if it is installed here. */
export async function installFromTarball(): Promise<Installation> {
  const { command } = await packed();
  const folder = mkdtempSync(join(tmpdir(), 'medkit-installed-'));
  const prefix = join(folder, 'prefix');
  const cache = join(folder, 'cache');
  const quiet = ['--offline', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = (...args: readonly string[]) =>
    execFileSync('npm', [...args, '-g', '--prefix', prefix, '--cache', cache, ...quiet], {
      cwd: folder,
      stdio: 'pipe',
    });
  const node = `node-${process.platform}-${process.arch}`;
  const nodes = existsSync(join(root, 'node_modules', node)) ? [packNode(node, folder)] : [];
  npm('install', command, ...nodes);
  // Copies of the tarballs.
  for (const path of [cache, ...nodes]) rmSync(path, { recursive: true, force: true });
  return {
    prefix,
    medkit: join(prefix, 'bin', 'medkit'),
    uninstall: () => npm('uninstall', 'medkit', ...nodes.map(() => node)),
    clear: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Packs the installed Node without headers. npm itself would take half a minute. */
function packNode(name: string, folder: string): string {
  const tarball = join(folder, `${name}.tar`);
  const of = join(root, 'node_modules', name);
  const args = ['--create', `--file=${tarball}`, '--transform=s,^,package/,', `--directory=${of}`];
  execFileSync('tar', [...args, 'package.json', 'LICENSE', 'bin']);
  return tarball;
}

/** The environment of a user's new login: compiled code is stored in the user's cache, not in that of the tests. */
export const plainEnvironment = (home: string): Readonly<Record<string, string>> => ({
  PATH: PLAIN_PATH,
  HOME: home,
  NODE_COMPILE_CACHE: '',
});
