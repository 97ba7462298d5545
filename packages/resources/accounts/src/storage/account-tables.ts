import type { Migration } from '@medkit/store';

/**
 * Accounts on disk. Of secrets there are only digests, and of passwords what argon2id makes of them, but for the key that
 * tokens are signed with; so the file is for its owner alone.
 */
export const ACCOUNT_TABLES: readonly Migration[] = [
  [
    `CREATE TABLE account_users (
       name TEXT PRIMARY KEY, role TEXT NOT NULL, hash TEXT NOT NULL, must_change INTEGER NOT NULL,
       disabled INTEGER NOT NULL, created_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL
     )`,
    `CREATE TABLE account_keys (
       id TEXT PRIMARY KEY, digest BLOB NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL, permissions TEXT,
       owner TEXT NOT NULL, created_ms INTEGER NOT NULL, expires_ms INTEGER, last_used_ms INTEGER
     )`,
    `CREATE TABLE account_sessions (
       id TEXT PRIMARY KEY, digest BLOB NOT NULL, user TEXT NOT NULL, created_ms INTEGER NOT NULL,
       last_used_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL, user_agent TEXT NOT NULL, address TEXT NOT NULL
     )`,
    // A family is all tokens of one login; only its newest refresh token counts.
    `CREATE TABLE account_token_families (
       id TEXT PRIMARY KEY, subject TEXT NOT NULL, refresh_id TEXT NOT NULL, revoked INTEGER NOT NULL,
       created_ms INTEGER NOT NULL, ends_ms INTEGER NOT NULL
     )`,
    `CREATE TABLE account_denied_tokens (id TEXT PRIMARY KEY, ends_ms INTEGER NOT NULL)`,
    `CREATE TABLE account_signing_keys (id TEXT PRIMARY KEY, private_key BLOB NOT NULL, created_ms INTEGER NOT NULL)`,
  ],
  // Random keys that stay the same over restarts.
  ['CREATE TABLE account_secrets (name TEXT PRIMARY KEY, secret BLOB NOT NULL)'],
];
