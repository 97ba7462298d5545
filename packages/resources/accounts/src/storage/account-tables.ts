import type { Migration, MigrationStep } from '@medkit/store';

/** Numbers the rows of a table in the order of their inserts, which SQLite does anyway. */
const rowNumbers = (table: string): MigrationStep => ({
  sql: 'SELECT 1',
  postgres: `ALTER TABLE account_${table} ADD COLUMN rowid BIGINT GENERATED ALWAYS AS IDENTITY`,
});

/**
 * Tables of the accounts. They contain only digests of secrets and argon2id hashes of passwords, except for the signing
 * key of tokens and encrypted refresh tokens. So the file must be readable only by its owner.
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
       id TEXT PRIMARY KEY, digest BLOB NOT NULL, "user" TEXT NOT NULL, created_ms INTEGER NOT NULL,
       last_used_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL, user_agent TEXT NOT NULL, address TEXT NOT NULL
     )`,
    // A family is all tokens of one login; only its newest refresh token is valid.
    `CREATE TABLE account_token_families (
       id TEXT PRIMARY KEY, subject TEXT NOT NULL, refresh_id TEXT NOT NULL, revoked INTEGER NOT NULL,
       created_ms INTEGER NOT NULL, ends_ms INTEGER NOT NULL
     )`,
    `CREATE TABLE account_denied_tokens (id TEXT PRIMARY KEY, ends_ms INTEGER NOT NULL)`,
    `CREATE TABLE account_signing_keys (id TEXT PRIMARY KEY, private_key BLOB NOT NULL, created_ms INTEGER NOT NULL)`,
    ...['users', 'keys', 'sessions', 'token_families', 'denied_tokens'].map(rowNumbers),
  ],
  // Random keys that persist across restarts.
  ['CREATE TABLE account_secrets (name TEXT PRIMARY KEY, secret BLOB NOT NULL)'],
  // Sessions of accounts of the identity provider; null for users of this gateway.
  ['issuer', 'subject', 'role'].map((column) => `ALTER TABLE account_sessions ADD COLUMN ${column} TEXT`),
  // Grants of these accounts as JSON.
  ['ALTER TABLE account_sessions ADD COLUMN grants TEXT'],
  // The encrypted refresh tokens of these accounts.
  [
    'ALTER TABLE account_sessions ADD COLUMN renewal TEXT',
    'ALTER TABLE account_sessions ADD COLUMN renewed_ms INTEGER',
  ],
];
