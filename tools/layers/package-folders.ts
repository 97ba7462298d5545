import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the repository. */
const root = join(import.meta.dirname, '..', '..');

/** The folder of each package, relative to the repository's, by its name in the scope `@medkit`: `core` → `packages/core`. */
export const PACKAGE_FOLDERS: ReadonlyMap<string, string> = new Map(
  globSync(['packages/*/package.json', 'packages/*/*/package.json'], { cwd: root })
    .sort()
    .map((manifest) => {
      const { name } = JSON.parse(readFileSync(join(root, manifest), 'utf8'));
      return [name.replace('@medkit/', ''), dirname(manifest)];
    }),
);

/**
 * Whether a package is published as it was built into one bundle, which has what it needs in it: it exports none of its sources, and
 * what it bundles is what it declares as `devDependencies`.
 */
export function isBuilt({ exports = {} }: { readonly exports?: Readonly<Record<string, string>> }): boolean {
  return Object.values(exports).every((file) => !file.startsWith('./src/'));
}

/** The folder of a package, relative to the repository's. Throws where there is no package of this name. */
export function packageFolder(name: string): string {
  const folder = PACKAGE_FOLDERS.get(name);
  if (folder === undefined) throw new Error(`there is no package ${name}: ${[...PACKAGE_FOLDERS.keys()].join(', ')}`);
  return folder;
}
