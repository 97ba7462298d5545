import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { skipReason } from '../harness/skip-reason.ts';

/** The settings of a unit's section `[Service]`, each with all its values. */
export type ServiceSettings = ReadonlyMap<string, readonly string[]>;

export function readService(file: string): ServiceSettings {
  const settings = new Map<string, string[]>();
  let section = '';
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const heading = /^\[(.+)\]$/.exec(line)?.[1];
    if (heading !== undefined) section = heading;
    const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (section !== 'Service' || name === undefined || value === undefined) continue;
    settings.set(name, [...(settings.get(name) ?? []), value]);
  }
  return settings;
}

/** A user id of the range from which systemd takes dynamic users. */
const DYNAMIC_USER = '61184';

/** Why a unit cannot be started here the way systemd does: the reason of a skipped test. */
export const sandboxMissing = ((): string | undefined => {
  if (process.getuid?.() !== 0) return skipReason('a start as another user', 'run as root');
  const { status } = spawnSync('unshare', ['--mount', 'setpriv', '--no-new-privs', 'true'], { stdio: 'ignore' });
  if (status === 0) return undefined;
  return skipReason(
    'a start in a mount namespace',
    'needs util-linux with unshare and setpriv, and a kernel that lets root mount',
  );
})();

export interface SandboxOptions {
  readonly service: ServiceSettings;
  /** An empty folder for what the service reads and writes; its `state` is the service's storage. */
  readonly folder: string;
  /** Folder in which the command was installed. */
  readonly prefix: string;
  /** Variables of the `EnvironmentFile`. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Arguments that start a unit's command the way systemd does, as far as namespaces allow. The file system is read-only
 * except for the folders of the service. The user owns nothing else and has no capabilities or ways to gain privileges.
 * What only systemd can do is omitted: filters of system calls and address families.
 */
export function sandboxed({ service, folder, prefix, environment }: SandboxOptions): readonly string[] {
  const first = (name: string) => service.get(name)?.[0] ?? '';
  const command = first('ExecStart').split(' ');
  const installed = command[0]?.replace(/\/bin\/[^/]+$/, '') ?? '';
  chmodSync(folder, 0o755);
  for (const name of ['machine', 'changes', 'scratch', 'state', 'cache']) mkdirSync(join(folder, name));
  for (const name of ['state', 'cache']) execFileSync('chown', [`${DYNAMIC_USER}:${DYNAMIC_USER}`, join(folder, name)]);
  const machine = join(folder, 'machine');
  const mounted = {
    [installed]: prefix,
    [`/var/lib/${first('StateDirectory')}`]: join(folder, 'state'),
    [`/var/cache/${first('CacheDirectory')}`]: join(folder, 'cache'),
  };
  const script = [
    'set -e',
    `mount -t overlay overlay -o lowerdir=/,upperdir=${folder}/changes,workdir=${folder}/scratch ${machine}`,
    ...Object.keys(mounted).map((path) => `mkdir -p ${machine}${path}`),
    `mount -o remount,ro ${machine}`,
    `mount -t tmpfs tmpfs ${machine}/tmp`,
    ...['/proc', '/sys', '/dev'].map((path) => `mount --rbind ${path} ${machine}${path}`),
    ...Object.entries(mounted).map(([path, source]) => `mount --bind ${source} ${machine}${path}`),
    `mount -o remount,ro,bind ${machine}${installed}`,
    `exec chroot ${machine} "$@"`,
  ];
  const variables = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin',
    HOME: '/',
    ...Object.fromEntries(
      first('Environment')
        .split(' ')
        .map((pair) => pair.split('=')),
    ),
    ...environment,
  };
  const user = ['--reuid', DYNAMIC_USER, '--regid', DYNAMIC_USER, '--clear-groups'];
  const powerless = ['--no-new-privs', '--bounding-set=-all', '--inh-caps=-all'];
  const start = ['env', '-i', ...Object.entries(variables).map(([name, value]) => `${name}=${value}`), ...command];
  return [
    ...['unshare', '--mount', '--propagation', 'private'],
    ...['sh', '-c', script.join('\n'), 'sh'],
    ...['setpriv', ...user, ...powerless, ...start],
  ];
}
