import { createRequire } from 'node:module';

type TypeBox = Pick<typeof import('typebox/schema'), 'Compile' | 'Errors'>;

/** Problems that TypeBox looks for; it stops at eight unless told otherwise. */
const MAX_ERRORS = 200;

let loaded: TypeBox | undefined;

/** TypeBox's checks of values against schemas, loaded with the first of them: 235 modules that an idle gateway does without. */
export function typeBox(): TypeBox {
  if (loaded === undefined) {
    const load = createRequire(import.meta.url);
    (load('typebox/system') as typeof import('typebox/system')).Settings.Set({ maxErrors: MAX_ERRORS });
    loaded = load('typebox/schema') as typeof import('typebox/schema');
  }
  return loaded;
}
