import type { ScriptsOptions } from '@medkit/scripts';
import type { Environment } from '../config/index.ts';

/** Standard program folders of most systems. */
const USUAL_PATH = '/usr/local/bin:/usr/bin:/bin';

/** Returns the environment of scripts: program path and locale, no secrets. */
export function scriptEnvironment(environment: Environment): ScriptsOptions['environment'] {
  return { PATH: environment['PATH'] || USUAL_PATH, LANG: environment['LANG'] || 'C.UTF-8' };
}
