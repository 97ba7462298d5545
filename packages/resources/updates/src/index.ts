/** Software updates of a robot: signed folders that replace each other as a whole, a gate on faults, and rollback. */
export { MANIFEST_FILE, type Manifest, SIGNATURE_FILE } from './artifact/manifest.ts';
export { type Packed, type PackOptions, packArtifact, privateKey } from './artifact/pack-artifact.ts';
export { publicKey } from './artifact/signature.ts';
export type { Trust } from './artifact/verify-artifact.ts';
export type { FaultWatch } from './installation/install-gate.ts';
export { type Installer, type InstallerOptions, openInstaller } from './installer.ts';
