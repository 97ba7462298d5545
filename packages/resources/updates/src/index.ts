/** Software updates of a robot: signed folders that replace each other as a whole, a gate on faults, and rollback. */
export { MANIFEST_FILE, SIGNATURE_FILE } from './artifact/manifest.ts';
export { type Packed, packArtifact, privateKey } from './artifact/pack-artifact.ts';
export { publicKey } from './artifact/signature.ts';
export type { Trust } from './artifact/verify-artifact.ts';
export { type Installer, openInstaller } from './installer.ts';
