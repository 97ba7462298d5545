/** Signed folders that contain an update: the command `medkit update` packs them, and the installer verifies them. */
export { type ArtifactTar, artifactTar } from './artifact-tar.ts';
export { MANIFEST_FILE, SIGNATURE_FILE } from './manifest.ts';
export { type Packed, packArtifact, privateKey } from './pack-artifact.ts';
export { publicKey } from './signature.ts';
export type { Trust } from './verify-artifact.ts';
