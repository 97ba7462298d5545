import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * Caches compiled code between starts, which halves the time to the first response. Uses a folder of this user instead of the
 * shared default folder of Node, because cached code is executed. Child processes use it too. If the folder is not writable,
 * nothing is cached.
 */
export function cacheCompiledCode(environment: NodeJS.ProcessEnv): void {
  const { XDG_CACHE_HOME: named, NODE_COMPILE_CACHE: chosen } = environment;
  const home = named !== undefined && isAbsolute(named) ? named : join(homedir(), '.cache');
  const folder = chosen || join(home, 'medkit', 'compiled');
  environment.NODE_COMPILE_CACHE = folder;
  enableCompileCache(folder);
}
