import { createRequire } from 'node:module';

type TypeBox = typeof import('./type-box-checks.ts');

/** Problems that TypeBox looks for; it stops at eight unless told otherwise. */
const MAX_ERRORS = 200;

let loaded: TypeBox | undefined;

/**
 * TypeBox's checks of values against schemas, loaded with the first of them, which an idle gateway does without: 235 modules
 * from source, which take 90 ms of the processor and 20 MB; one file of a release, which takes 5 ms and 3 MB.
 */
export function typeBox(): TypeBox {
  if (loaded === undefined) {
    const file = import.meta.url.endsWith('.ts') ? './type-box-checks.ts' : './type-box-checks.js';
    loaded = createRequire(import.meta.url)(file) as TypeBox;
    loaded.Settings.Set({ maxErrors: MAX_ERRORS });
  }
  return loaded;
}
