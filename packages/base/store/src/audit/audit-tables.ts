import type { DatabaseSync } from 'node:sqlite';
import type { Migration } from '../migrations/migration.ts';

/** Tables and columns have the names of ros2_medkit, so that its audit log can be continued. */
export const AUDIT_LOG: readonly Migration[] = [
  [
    `CREATE TABLE IF NOT EXISTS audit_log (
       seq INTEGER PRIMARY KEY, occurred_at_ns INTEGER NOT NULL, fault_code TEXT NOT NULL, transition TEXT NOT NULL,
       severity INTEGER NOT NULL, status TEXT NOT NULL, source_id TEXT NOT NULL, description TEXT NOT NULL,
       prev_hash TEXT NOT NULL, record_hash TEXT NOT NULL
     )`,
    `CREATE TABLE IF NOT EXISTS audit_chain_head (
       id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL, record_hash TEXT NOT NULL
     )`,
    `CREATE TABLE IF NOT EXISTS audit_anchors (
       last_seq INTEGER PRIMARY KEY, sealed_at_ns INTEGER NOT NULL, last_hash TEXT NOT NULL
     )`,
    `CREATE TABLE IF NOT EXISTS audit_prune_guard (id INTEGER PRIMARY KEY CHECK (id = 1), enabled INTEGER NOT NULL)`,
  ],
  // Seals of gaps between stored records; the gap before the oldest record has an anchor.
  [
    `CREATE TABLE IF NOT EXISTS audit_gaps (
       first_seq INTEGER PRIMARY KEY, last_seq INTEGER NOT NULL UNIQUE, sealed_at_ns INTEGER NOT NULL,
       hash_before TEXT NOT NULL, last_hash TEXT NOT NULL
     )`,
  ],
];

/** When the database itself rejects a change. */
type Refusal = 'always' | 'closed' | 'foreign';

const CONDITIONS: Readonly<Record<Refusal, string>> = {
  always: '1',
  closed: 'coalesce((SELECT enabled FROM audit_prune_guard WHERE id = 1), 0) = 0',
  // Only a connection that defines this function can prepare such a statement.
  foreign: 'NOT medkit_owns_audit()',
};

/** Changes that the database itself rejects: always, while nothing is pruned, or from a connection of another program. */
export const REFUSED: readonly (readonly [change: string, table: string, when: Refusal])[] = [
  ['UPDATE', 'audit_log', 'always'],
  ['DELETE', 'audit_log', 'closed'],
  ['UPDATE', 'audit_anchors', 'always'],
  ['INSERT', 'audit_anchors', 'closed'],
  ['DELETE', 'audit_anchors', 'closed'],
  ['UPDATE', 'audit_gaps', 'always'],
  ['INSERT', 'audit_gaps', 'closed'],
  ['DELETE', 'audit_gaps', 'closed'],
  ['INSERT', 'audit_prune_guard', 'foreign'],
  ['UPDATE', 'audit_prune_guard', 'foreign'],
  ['DELETE', 'audit_prune_guard', 'foreign'],
];

/**
 * Makes this connection the owner of the audit log and recreates its triggers in any case. The triggers prevent
 * accidental changes by people and tools; the hash chain detects changes by an attacker who drops them.
 */
export function installAuditTriggers(database: DatabaseSync): void {
  database.function('medkit_owns_audit', () => 1);
  database.exec('BEGIN IMMEDIATE');
  try {
    const present = database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit\\_%' ESCAPE '\\'")
      .all();
    for (const { name } of present) database.exec(`DROP TRIGGER "${String(name).replaceAll('"', '""')}"`);
    database.exec('INSERT OR REPLACE INTO audit_prune_guard (id, enabled) VALUES (1, 0)');
    for (const [change, table, when] of REFUSED) {
      database.exec(
        `CREATE TRIGGER ${table}_no_${change.toLowerCase()} BEFORE ${change} ON ${table} WHEN ${CONDITIONS[when]}
         BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END`,
      );
    }
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
