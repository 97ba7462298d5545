import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the repository. */
const root = join(import.meta.dirname, '..', '..');

/** Folder of each package, relative to the repository, by its name in the scope `@medkit`: `core` → `packages/core`. */
export const PACKAGE_FOLDERS: ReadonlyMap<string, string> = new Map(
  globSync(['packages/*/package.json', 'packages/*/*/package.json'], { cwd: root })
    .sort()
    .map((manifest) => {
      const { name } = JSON.parse(readFileSync(join(root, manifest), 'utf8'));
      return [name.replace('@medkit/', ''), dirname(manifest)];
    }),
);

/**
 * Returns whether a package is published as one bundle: it exports no sources, and declares what it bundles as
 * `devDependencies`.
 */
export function isBuilt({ exports = {} }: { readonly exports?: Readonly<Record<string, string>> }): boolean {
  return Object.values(exports).every((file) => !file.startsWith('./src/'));
}

/** Returns the folder of a package, relative to the repository. Throws if no package has this name. */
export function packageFolder(name: string): string {
  const folder = PACKAGE_FOLDERS.get(name);
  if (folder === undefined) throw new Error(`there is no package ${name}: ${[...PACKAGE_FOLDERS.keys()].join(', ')}`);
  return folder;
}
