import type { Migration } from '@medkit/store';

/** The state of updates that were prepared or installed. Their provider stores their content. */
export const UPDATE_TABLES: readonly Migration[] = [
  ['CREATE TABLE updates (id TEXT PRIMARY KEY, phase TEXT NOT NULL, status TEXT NOT NULL, error TEXT) WITHOUT ROWID'],
];
