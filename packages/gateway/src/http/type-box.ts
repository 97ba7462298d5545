import { createRequire } from 'node:module';

type TypeBox = typeof import('./type-box-checks.ts');

/** Maximum problems that TypeBox reports; its default is eight. */
const MAX_ERRORS = 200;

let loaded: TypeBox | undefined;

/**
 * Returns TypeBox's schema checks. Loaded at the first use, since an idle gateway does not need them. From source these
 * are 235 modules, which take 90 ms of CPU time and 20 MB; in a release one file, which takes 5 ms and 3 MB.
 */
export function typeBox(): TypeBox {
  if (loaded === undefined) {
    const file = import.meta.url.endsWith('.ts') ? './type-box-checks.ts' : './type-box-checks.js';
    loaded = createRequire(import.meta.url)(file) as TypeBox;
    loaded.Settings.Set({ maxErrors: MAX_ERRORS });
  }
  return loaded;
}
