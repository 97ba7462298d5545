import { SovdError } from '@medkit/contract';
import type { UnregisteredArtifact } from '@medkit/core';
import { type Files, NotExact } from '@medkit/edges';
import { MANIFEST_FILE, MAX_MANIFEST_BYTES, type Manifest, readManifest } from './manifest.ts';

/** Maximum folders checked. */
const MAX_FOLDERS = 256;
/** Folder names that a registration can have. */
const NAME = /^(?!\.)[A-Za-z0-9._-]{1,255}$/;

/**
 * Lists the unregistered artifacts in a folder, with the facts of their manifests. Signatures are not verified. Folders
 * without a manifest are skipped; an unusable manifest is listed with its problem.
 */
export async function unregisteredArtifacts(
  folder: string,
  files: Pick<Files, 'canonical' | 'list' | 'readExact'>,
  known: ReadonlySet<string>,
): Promise<readonly UnregisteredArtifact[]> {
  const root = await files.canonical(folder);
  const entries = root === undefined ? [] : await files.list(root);
  const names = entries.map(({ name }) => name).filter((name) => NAME.test(name) && !known.has(name));
  const found = await Promise.all(
    names.slice(0, MAX_FOLDERS).map((name) => readArtifact(`${root}/${name}`, name, files)),
  );
  return found.filter((artifact) => artifact !== undefined);
}

async function readArtifact(
  folder: string,
  artifact: string,
  files: Pick<Files, 'readExact'>,
): Promise<UnregisteredArtifact | undefined> {
  try {
    const octets = await files.readExact(`${folder}/${MANIFEST_FILE}`, MAX_MANIFEST_BYTES);
    if (octets === undefined) return undefined;
    return { artifact, ...artifactFields(readManifest(octets)) };
  } catch (error) {
    if (error instanceof NotExact || isRefusal(error)) return { artifact, problem: error.message };
    // Not a folder, or not readable: nothing to install.
    if (['ENOTDIR', 'EACCES', 'ENOENT'].includes(String((error as NodeJS.ErrnoException).code))) return undefined;
    throw error;
  }
}

function artifactFields({ id, version, target }: Manifest) {
  return { id, version, target };
}

function isRefusal(error: unknown): error is Error {
  return error instanceof SovdError && error.code === 'x-medkit-update-refused';
}
