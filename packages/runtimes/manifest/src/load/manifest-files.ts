import type { FileState, Files } from '@medkit/edges';

/**
 * Maximum bytes of a file. A manifest of a whole fleet has about ten thousand lines; a larger file is not a manifest.
 */
export const MAX_FILE_BYTES = 1_048_576;
/** Maximum fragments in the folder. Each adds a package to a robot. */
export const MAX_FRAGMENTS = 1000;

export type ManifestFiles = Pick<Files, 'readText' | 'list' | 'stateOf'>;

/** Locations of a manifest. Paths are absolute; an empty path means none. */
export interface ManifestPaths {
  readonly manifest: string;
  readonly fragmentsFolder: string;
  readonly inventory: string;
}

/** A fragment file, or the reason why it is skipped. */
export interface FragmentFile {
  readonly path: string;
  readonly state: FileState | undefined;
  readonly skipped?: string;
}

/** Returns the YAML files of the fragments folder, ordered by name; empty if the folder does not exist. */
export async function fragmentFiles(files: ManifestFiles, folder: string): Promise<readonly FragmentFile[]> {
  if (folder === '') return [];
  const home = (await files.stateOf(folder))?.path;
  if (home === undefined) return [];
  const entries = await files.list(folder);
  const named = entries.filter(({ name }) => /\.ya?ml$/.test(name));
  const read = await Promise.all(
    named.slice(0, MAX_FRAGMENTS).map(async ({ name }): Promise<FragmentFile> => {
      const path = `${folder}/${name}`;
      const state = await files.stateOf(path);
      const skipped = state && skippedSince(state, home);
      return { path, state, ...(skipped !== undefined && { skipped }) };
    }),
  );
  const [first, ...others] = named.slice(MAX_FRAGMENTS);
  if (!first) return read;
  const behind = others.length > 0 ? `, like ${others.length} further ones` : '';
  const skipped = `the folder has more than ${MAX_FRAGMENTS} fragments, and this one exceeds the limit${behind}`;
  return [...read, { path: `${folder}/${first.name}`, state: undefined, skipped }];
}

function skippedSince(state: FileState, home: string): string | undefined {
  if (!state.path.startsWith(`${home}/`)) return `it points outside its folder, to ${state.path}`;
  return state.isFile ? undefined : 'it is not a regular file';
}

/** Returns a text that changes when one of the files changes, without reading them. */
export async function fingerprint(files: ManifestFiles, paths: ManifestPaths): Promise<string> {
  const fragments = await fragmentFiles(files, paths.fragmentsFolder);
  const single = [paths.manifest, paths.inventory].filter((path) => path !== '');
  const states = await Promise.all(single.map(async (path) => ({ path, state: await files.stateOf(path) })));
  return [...states, ...fragments]
    .map(({ path, state }) => `${path} ${state?.path} ${state?.bytes} ${state?.modifiedMs}`)
    .join('\n');
}
