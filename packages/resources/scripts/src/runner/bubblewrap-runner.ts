import { FIRST_FILE_DESCRIPTOR, type Files } from '@medkit/edges';
import { FORMATS } from '../script-format.ts';
import { MAX_WRITTEN_FILE_BYTES, type Runner } from './runner.ts';

/** What confined scripts may have. */
export interface Confinement {
  /** Processes at a time, the script included. */
  readonly maxProcesses: number;
  /** Of each process, octets of address space. */
  readonly maxMemoryBytes: number;
  /** The machine's network, or none at all. */
  readonly network: boolean;
  /** Folders and devices that they see as they are, besides the system. */
  readonly paths: readonly string[];
  /** Folders that they do not see. */
  readonly hiddenPaths: readonly string[];
  /** Whether the gateway runs as root: then its scripts run as nobody, or root's files would be theirs. */
  readonly isRoot: boolean;
}

/** Octets that a script can write: all of it is in memory, and gone with it. */
const MAX_WRITABLE_BYTES = MAX_WRITTEN_FILE_BYTES;
const HOME = '/tmp/home';
/** Of every Linux; has nothing. */
const NOBODY = { userId: 65_534, groupId: 65_534 };

/**
 * Homes, sockets of the system's services, and what others left lying about. A script that could reach the sockets could
 * have somebody else do what it may not.
 */
const HIDDEN = ['/home', '/root', '/run', '/var/tmp', '/mnt', '/media'];

/** Where `/etc/resolv.conf` leads to on many systems. */
const NAME_SERVERS = '/run/systemd/resolve';

/** A signal to the group is for the script: what stands around it stays until the script has ended. */
const DEAF = 'trap "" TERM; exec "$@"';

/**
 * Runs scripts in namespaces of their own, made by bubblewrap: processes that nobody else sees and that all end with the
 * first, a system that cannot be written to, no devices, no network unless that is allowed.
 */
export function bubblewrapRunner(confinement: Confinement, files: Pick<Files, 'canonical'>): Runner {
  const { maxProcesses, maxMemoryBytes, network, paths, hiddenPaths, isRoot } = confinement;
  const size = ['--size', String(MAX_WRITABLE_BYTES)];
  return {
    name: 'bubblewrap',
    executable: 'bwrap',
    missing: 'there is no program bwrap: install the package bubblewrap',
    program: async ({ name, format, args, file }) => {
      const script = `/tmp/${name}`;
      const hidden = await present(files, [...HIDDEN, ...hiddenPaths]);
      const shown = await present(files, paths);
      const sandbox = [
        ['bwrap', '--unshare-all', '--die-with-parent', '--cap-drop', 'ALL'],
        ['--ro-bind', '/', '/', '--proc', '/proc'],
        ['--dev', '/dev', ...size, '--tmpfs', '/dev/shm'],
        [...size, '--tmpfs', '/tmp'],
        hidden.flatMap((path) => ['--tmpfs', path]),
        network ? ['--share-net', '--ro-bind-try', NAME_SERVERS, NAME_SERVERS] : [],
        shown.flatMap((path) => ['--dev-bind', path, path]),
        // Last, since what is mounted below them needs a place there.
        ['/dev', ...hidden].flatMap((path) => ['--remount-ro', path]),
        ['--perms', '0555', '--ro-bind-data', String(FIRST_FILE_DESCRIPTOR), script],
        ['--dir', HOME, '--chdir', HOME],
      ];
      const limits = ['prlimit', '--core=0', `--nproc=${maxProcesses}`, `--as=${maxMemoryBytes}`];
      // Signals that are ignored stay so in all that is started, unless somebody says otherwise.
      const hearing = ['env', '--default-signal=TERM'];
      return {
        command: [
          ...['sh', '-c', DEAF, 'sh'],
          ...sandbox.flat(),
          ...limits,
          ...hearing,
          ...[FORMATS[format].interpreter, script, ...args],
        ] as [string, ...string[]],
        folder: '/',
        home: HOME,
        files: [file],
        ...(isRoot && { user: NOBODY }),
      };
    },
  };
}

/** Those of `paths` that are there, by where they really are, without those inside of others. */
async function present(files: Pick<Files, 'canonical'>, paths: readonly string[]): Promise<readonly string[]> {
  const places = await Promise.all(paths.map((path) => files.canonical(path)));
  const found = [...new Set(places.filter((place) => place !== undefined))];
  return found.filter((place) => !found.some((other) => place.startsWith(`${other}/`)));
}
