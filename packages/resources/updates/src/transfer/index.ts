/** Transfers of artifacts in parts, and the check of their archives. A fleet hub stores artifacts as well. */

export type { ArchiveSink } from './archive-sink.ts';
export { type ArtifactPart, ArtifactTransfers } from './artifact-transfers.ts';
export { type CheckedArchive, checkArchive } from './check-archive.ts';
export type { TransferContent } from './transfer-parts.ts';
