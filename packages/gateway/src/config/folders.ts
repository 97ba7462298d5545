import { isAbsolute, join, resolve } from 'node:path';
import type { Environment } from './environment-source.ts';

/** Where paths start from. */
export interface Folders {
  readonly environment: Environment;
  /** Absolute path of the user's home. */
  readonly home: string;
  /** Absolute path that relative paths start from. */
  readonly working: string;
}

/** A base folder of the XDG specification; one that is not absolute is ignored, as it demands. */
function xdgFolder({ environment, home }: Folders, variable: string, fallback: string): string {
  const named = environment[variable];
  return named !== undefined && isAbsolute(named) ? named : join(home, fallback);
}

/** The configuration file that is read when none is named. */
export function defaultConfigFile(folders: Folders): string {
  return join(xdgFolder(folders, 'XDG_CONFIG_HOME', '.config'), 'medkit', 'medkit.yaml');
}

/** The data folder that is used when none is named. */
export function defaultDataFolder(folders: Folders): string {
  return join(xdgFolder(folders, 'XDG_DATA_HOME', '.local/share'), 'medkit');
}

/** `path` as an absolute path; `~/` is the user's home. */
export function absolutePath(path: string, { home, working }: Folders): string {
  return path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : resolve(working, path);
}
