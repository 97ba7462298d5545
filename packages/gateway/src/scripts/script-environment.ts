import type { ScriptsOptions } from '@medkit/scripts';
import type { Environment } from '../config/index.ts';

/** Where the programs of most systems are. */
const USUAL_PATH = '/usr/local/bin:/usr/bin:/bin';

/** What scripts have of the gateway's environment: where programs are, and how texts are written. Nothing that is secret. */
export function scriptEnvironment(environment: Environment): ScriptsOptions['environment'] {
  return { PATH: environment['PATH'] || USUAL_PATH, LANG: environment['LANG'] || 'C.UTF-8' };
}
