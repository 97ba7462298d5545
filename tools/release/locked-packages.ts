import { dirname, join } from 'node:path';

/** Entry of a package in `package-lock.json`, by its folder. */
export interface LockedPackage {
  readonly version?: string;
  /** If the entry is a link: its target folder. */
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

export type LockedPackages = Readonly<Record<string, LockedPackage>>;

/**
 * Returns the folders below `node_modules` of all direct and transitive dependencies of the packages in `folders`,
 * resolved as Node does. Links to workspace packages are followed and not included. Throws if a dependency is not
 * installed.
 */
export function transitiveDependencies(folders: readonly string[], locked: LockedPackages): readonly string[] {
  const needed = new Set<string>();
  const seen = new Set<string>();
  const visit = (folder: string): void => {
    if (seen.has(folder)) return;
    seen.add(folder);
    for (const name of dependenciesOf(locked[folder])) {
      const found = lookup(name, folder, locked);
      if (found === undefined) throw new Error(`${folder} needs ${name}, which package-lock.json does not have`);
      const { link = false, resolved = found } = locked[found] ?? {};
      if (!link) needed.add(found);
      visit(link ? resolved : found);
    }
  };
  for (const folder of folders) visit(folder);
  return [...needed].sort();
}

function dependenciesOf({ dependencies, peerDependencies, peerDependenciesMeta }: LockedPackage = {}) {
  const peers = Object.keys(peerDependencies ?? {}).filter((name) => !peerDependenciesMeta?.[name]?.optional);
  return [...Object.keys(dependencies ?? {}), ...peers];
}

/** Looks in the folder of the importing package, then in each folder above. */
function lookup(name: string, from: string, locked: LockedPackages): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name);
    if (found in locked) return found;
    if (folder === '.') return undefined;
  }
}
