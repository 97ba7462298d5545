import { resolve } from 'node:path';
import { errorMessage } from '@medkit/core';
import { systemFiles } from '@medkit/edges/node';
import { type ArtifactTar, artifactTar } from '@medkit/updates/artifact';
import { CommandFailed } from '../command/failure.ts';

/** Opens a folder that `update pack` created, or a tar archive of one, and checks it. Throws `CommandFailed`. */
export async function openArchive(path: string): Promise<ArtifactTar> {
  const found = await systemFiles.canonical(resolve(path));
  if (found === undefined) throw new CommandFailed(`cannot read ${path}: no such file or folder`);
  try {
    const state = await systemFiles.stateOf(found);
    return state?.isFile ? await archiveFile(found) : await artifactTar(found, systemFiles);
  } catch (error) {
    throw new CommandFailed(`cannot upload ${path}: ${errorMessage(error)}`);
  }
}

async function archiveFile(path: string): Promise<ArtifactTar> {
  const { checkArchive } = await import('@medkit/updates/transfer');
  const { id, sha256, bytes } = await checkArchive(systemFiles.read(path));
  return { id, sha256, size: bytes, read: (from) => systemFiles.read(path, { first: from, last: bytes - 1 }) };
}
