import type { Migration } from '@medkit/store';

/** A limit of an account to robots of a site, of a group, or of both. */
export interface RobotGrant {
  readonly site?: string;
  readonly group?: string;
  /** Limits the account to the permissions of this role at these robots; its role unless given. */
  readonly role?: string;
}

/** A grant that a group of the identity provider gives. */
export interface ProviderGrant extends RobotGrant {
  readonly role: string;
}

/**
 * Grants and scopes of users and keys, by principal id. An empty text stands for an absent site, group or role. A principal without
 * rows is not limited.
 */
export const GRANT_TABLES: readonly Migration[] = [
  [
    `CREATE TABLE account_grants (
       principal TEXT NOT NULL, site TEXT NOT NULL, "group" TEXT NOT NULL, role TEXT NOT NULL,
       PRIMARY KEY (principal, site, "group")
     ) WITHOUT ROWID`,
  ],
  // Limits to entities, as JSON. A principal without rows is not limited.
  [
    `CREATE TABLE account_scopes (
       principal TEXT NOT NULL, position INTEGER NOT NULL, scope TEXT NOT NULL, PRIMARY KEY (principal, position)
     ) WITHOUT ROWID`,
  ],
];
