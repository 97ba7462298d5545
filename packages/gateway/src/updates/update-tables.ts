import type { Migration } from '@medkit/store';

/** The table of updates that somebody worked on: where they stand. What they are their provider keeps. */
export const UPDATE_TABLES: readonly Migration[] = [
  ['CREATE TABLE updates (id TEXT PRIMARY KEY, phase TEXT NOT NULL, status TEXT NOT NULL, error TEXT) WITHOUT ROWID'],
];
