import type { Migration } from '@medkit/store';

/**
 * Requests with an `Idempotency-Key`, and their replies. `status` is null while a request runs, and stays null if the
 * gateway ends meanwhile. `request` is the digest of method, address and body.
 */
export const IDEMPOTENCY_TABLES: readonly Migration[] = [
  [
    `CREATE TABLE idempotent_requests (
       owner TEXT NOT NULL, key TEXT NOT NULL, request BLOB NOT NULL, at_ms INTEGER NOT NULL, status INTEGER,
       headers TEXT, body TEXT, PRIMARY KEY (owner, key)
     ) WITHOUT ROWID`,
    'CREATE INDEX idempotent_requests_by_age ON idempotent_requests (at_ms)',
  ],
];
