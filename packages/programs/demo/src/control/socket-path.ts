import { lstatSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Maximum length of a Unix socket path on Linux, bytes (unix(7), sun_path). */
const MAX_PATH_BYTES = 107;

/** The demo cannot be controlled: unsafe socket, or no valid reply. The message contains reason and remedy. */
export class ControlUnusable extends Error {
  override readonly name = 'ControlUnusable';
}

function isUserFolder(path: string, uid: number): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isDirectory() === true && (uid < 0 || found.uid === uid);
}

/** Folder of the demo's sockets: below `XDG_RUNTIME_DIR` if usable, otherwise in the temporary folder. */
function controlFolder(environment: Environment): string {
  const { uid } = userInfo();
  const runtime = environment.XDG_RUNTIME_DIR;
  if (runtime !== undefined && isAbsolute(runtime) && isUserFolder(runtime, uid)) return join(runtime, 'medkit-demo');
  return join(tmpdir(), `medkit-demo-${uid}`);
}

/**
 * Returns the path of the control socket of the demo on a domain. Throws `ControlUnusable` if the path is too long for a
 * socket.
 */
export function controlSocketPath(environment: Environment, domainId: number): string {
  return socketPath(environment, `control-${domainId}.sock`);
}

/** Returns the path of the fleet socket of that demo. Throws `ControlUnusable` too. */
export function fleetSocketPath(environment: Environment, domainId: number): string {
  return socketPath(environment, `fleet-${domainId}.sock`);
}

function socketPath(environment: Environment, name: string): string {
  const path = join(controlFolder(environment), name);
  const bytes = Buffer.byteLength(path);
  if (bytes > MAX_PATH_BYTES) {
    throw new ControlUnusable(`${path} is too long for a socket: set XDG_RUNTIME_DIR to a folder with a shorter name`);
  }
  return path;
}

/** Throws `ControlUnusable` unless only this user can access the folder. */
export function assertPrivateFolder(folder: string): void {
  const { uid } = userInfo();
  const found = lstatSync(folder);
  const others = (found.mode & 0o077) !== 0;
  if (!found.isDirectory() || (uid >= 0 && found.uid !== uid) || others) {
    throw new ControlUnusable(`${folder} is open to other users: remove it and try again`);
  }
}
