import { FIRST_FILE_DESCRIPTOR, type Files } from '@medkit/edges';
import { FORMATS } from '../script-format.ts';
import { MAX_WRITTEN_FILE_BYTES, type Runner } from './runner.ts';

/** Limits of confined scripts. */
export interface Confinement {
  /** Maximum processes at a time, including the script. */
  readonly maxProcesses: number;
  /** Maximum address space of each process, bytes. */
  readonly maxMemoryBytes: number;
  /** True to allow the machine's network; otherwise there is none. */
  readonly network: boolean;
  /** Folders and devices that are visible unchanged, in addition to the system. */
  readonly paths: readonly string[];
  /** Folders that are hidden. */
  readonly hiddenPaths: readonly string[];
  /** Whether the gateway runs as root. Its scripts then run as `nobody`, otherwise they could read root's files. */
  readonly isRoot: boolean;
}

/** Maximum bytes that a script can write; its files are in memory and vanish with it. */
const MAX_WRITABLE_BYTES = MAX_WRITTEN_FILE_BYTES;
const HOME = '/tmp/home';
/** Ids that exist on every Linux and own nothing. */
const UNPRIVILEGED = { userId: 65_534, groupId: 65_534 };

/**
 * Home folders, sockets of system services, and temporary files of others. Through a socket, a script could make a
 * service do what the script itself may not.
 */
const HIDDEN = ['/home', '/root', '/run', '/var/tmp', '/mnt', '/media'];

/** Target of `/etc/resolv.conf` on many systems. */
const NAME_SERVERS = '/run/systemd/resolve';

/** SIGTERM to the process group is meant for the script: the wrapper ignores it until the script has ended. */
const DEAF = 'trap "" TERM; exec "$@"';

/**
 * Runs scripts in separate namespaces with bubblewrap. Processes are isolated and all end with the first; the system is
 * read-only. There are no devices, and no network unless allowed.
 */
export function bubblewrapRunner(confinement: Confinement, files: Pick<Files, 'canonical'>): Runner {
  const { maxProcesses, maxMemoryBytes, network, paths, hiddenPaths, isRoot } = confinement;
  const size = ['--size', String(MAX_WRITABLE_BYTES)];
  return {
    name: 'bubblewrap',
    executable: 'bwrap',
    missing: 'the program bwrap does not exist: install the package bubblewrap',
    program: async ({ name, format, args, file }) => {
      const script = `/tmp/${name}`;
      const hidden = await present(files, [...HIDDEN, ...hiddenPaths]);
      const existing = await present(files, paths);
      const sandbox = [
        ['bwrap', '--unshare-all', '--die-with-parent', '--cap-drop', 'ALL'],
        ['--ro-bind', '/', '/', '--proc', '/proc'],
        ['--dev', '/dev', ...size, '--tmpfs', '/dev/shm'],
        [...size, '--tmpfs', '/tmp'],
        hidden.flatMap((path) => ['--tmpfs', path]),
        network ? ['--share-net', '--ro-bind-try', NAME_SERVERS, NAME_SERVERS] : [],
        existing.flatMap((path) => ['--dev-bind', path, path]),
        // Last, since mount points below them must be created first.
        ['/dev', ...hidden].flatMap((path) => ['--remount-ro', path]),
        ['--perms', '0555', '--ro-bind-data', String(FIRST_FILE_DESCRIPTOR), script],
        ['--dir', HOME, '--chdir', HOME],
      ];
      const limits = ['prlimit', '--core=0', `--nproc=${maxProcesses}`, `--as=${maxMemoryBytes}`];
      // Child processes inherit ignored signals unless they are reset.
      const resetSignals = ['env', '--default-signal=TERM'];
      return {
        command: [
          ...['sh', '-c', DEAF, 'sh'],
          ...sandbox.flat(),
          ...limits,
          ...resetSignals,
          ...[FORMATS[format].interpreter, script, ...args],
        ] as [string, ...string[]],
        folder: '/',
        home: HOME,
        files: [file],
        ...(isRoot && { user: UNPRIVILEGED }),
      };
    },
  };
}

/** Returns the existing paths, resolved, without those inside of others. */
async function present(files: Pick<Files, 'canonical'>, paths: readonly string[]): Promise<readonly string[]> {
  const places = await Promise.all(paths.map((path) => files.canonical(path)));
  const found = [...new Set(places.filter((place) => place !== undefined))];
  return found.filter((place) => !found.some((other) => place.startsWith(`${other}/`)));
}
