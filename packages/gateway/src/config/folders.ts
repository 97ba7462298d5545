import { isAbsolute, join, resolve } from 'node:path';
import type { Environment } from './environment-source.ts';

/** Base folders for paths. */
export interface Folders {
  readonly environment: Environment;
  /** Absolute path of the user's home. */
  readonly home: string;
  /** Absolute base of relative paths. */
  readonly working: string;
}

/** Returns a base folder of the XDG specification; ignores a relative one, as the specification demands. */
function xdgFolder({ environment, home }: Folders, variable: string, fallback: string): string {
  const named = environment[variable];
  return named !== undefined && isAbsolute(named) ? named : join(home, fallback);
}

/** Returns the configuration file that is read if none is named. */
export function defaultConfigFile(folders: Folders): string {
  return join(xdgFolder(folders, 'XDG_CONFIG_HOME', '.config'), 'medkit', 'medkit.yaml');
}

/** Returns the data folder that is used if none is named. */
export function defaultDataFolder(folders: Folders): string {
  return join(xdgFolder(folders, 'XDG_DATA_HOME', '.local/share'), 'medkit');
}

/** Returns `path` as an absolute path; `~/` is the user's home. */
export function absolutePath(path: string, { home, working }: Folders): string {
  return path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : resolve(working, path);
}
