import { createRequire } from 'node:module';

let loaded: typeof import('yaml') | undefined;

/** Loads the YAML library on first use: without it, a gateway uses 8 MB less memory. */
export function yaml(): typeof import('yaml') {
  loaded ??= createRequire(import.meta.url)('yaml') as typeof import('yaml');
  return loaded;
}
