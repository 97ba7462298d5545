import type { Migrations } from '@medkit/store';

/**
 * Table of the artifacts of updates that the hub stores. `name` is the id of the update, `sha256` and `bytes` describe the
 * archive, and `manifest_sha256` is the digest of the manifest with which a robot registers the update.
 */
export const ARTIFACT_TABLES: Migrations = {
  'fleet-artifacts': [
    [
      `CREATE TABLE fleet_artifacts (
         id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL,
         manifest_sha256 TEXT NOT NULL, created_ms INTEGER NOT NULL, created_by TEXT NOT NULL
       )`,
    ],
  ],
};
