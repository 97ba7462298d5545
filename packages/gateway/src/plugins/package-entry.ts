/** The members of a package.json that locate its module. */
export interface PackageFile {
  readonly name?: string;
  readonly version?: string;
  readonly main?: string;
  readonly exports?: unknown;
}

/** Conditions of `exports` that apply to an import here, as in Node. */
const CONDITIONS: ReadonlySet<string> = new Set('node import module-sync default'.split(' '));
const MAX_DEPTH = 8;

/** Returns the main module of a package, relative to its folder; `undefined` if it exports none. */
export function packageEntry({ exports, main }: PackageFile): string | undefined {
  if (exports === undefined) return main ?? './index.js';
  const isMap = typeof exports === 'object' && exports !== null && '.' in exports;
  return targetOf(isMap ? exports['.'] : exports, 0);
}

function targetOf(target: unknown, depth: number): string | undefined {
  if (typeof target === 'string') return target;
  if (typeof target !== 'object' || target === null || depth > MAX_DEPTH) return undefined;
  const alternatives = Array.isArray(target)
    ? target
    : Object.entries(target).flatMap(([condition, inside]) => (CONDITIONS.has(condition) ? [inside] : []));
  for (const alternative of alternatives) {
    const found = targetOf(alternative, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
