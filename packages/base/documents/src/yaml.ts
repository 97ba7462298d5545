import { createRequire } from 'node:module';

let loaded: typeof import('yaml') | undefined;

/** The YAML library, loaded with the first document: a gateway that reads none is 8 MB smaller. */
export function yaml(): typeof import('yaml') {
  loaded ??= createRequire(import.meta.url)('yaml') as typeof import('yaml');
  return loaded;
}
