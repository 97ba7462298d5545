import { type FleetStore, textOf } from '../fleet-context.ts';

/** An artifact of an update that the hub stores. */
export interface StoredArtifact {
  /** Id of the update. */
  readonly name: string;
  /** SHA-256 of the archive, lowercase hexadecimal. */
  readonly sha256: string;
  /** Bytes of the archive. */
  readonly bytes: number;
  /** SHA-256 of the manifest, which `POST /updates` of a robot takes as `x-medkit.sha256`. */
  readonly manifestSha256: string;
}

/** Returns the artifact of an update; `undefined` if the hub stores none. */
export async function readArtifact(store: Pick<FleetStore, 'read'>, name: string): Promise<StoredArtifact | undefined> {
  const [row] = await store.read('SELECT * FROM fleet_artifacts WHERE name = ?', [name]);
  return (
    row && {
      name: textOf(row.name!),
      sha256: textOf(row.sha256!),
      bytes: Number(row.bytes),
      manifestSha256: textOf(row.manifest_sha256!),
    }
  );
}

/** Returns the key of an archive in the blobs of the hub. */
export const artifactKey = (sha256: string): string => `artifacts/${sha256}`;
