import type { Migration } from '@medkit/store';

/**
 * Grants of users and keys, by principal id. An empty text stands for an absent site, group or role. A principal without
 * rows is not limited.
 */
export const GRANT_TABLES: readonly Migration[] = [
  [
    `CREATE TABLE account_grants (
       principal TEXT NOT NULL, site TEXT NOT NULL, "group" TEXT NOT NULL, role TEXT NOT NULL,
       PRIMARY KEY (principal, site, "group")
     ) WITHOUT ROWID`,
  ],
];
