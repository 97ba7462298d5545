import type { Migration } from '@medkit/store';

/**
 * - `peer_approvals`: the discovered gateways that a user approved, each with the address that the user saw.
 * - `peer_clocks`: the offset of each peer's clock, the newest first: `[{"fromMs", "untilMs", "offsetMs", "uncertaintyMs"}, …]`.
 * - `fault_copies`: the faults of peers at the time of the copy. `item` is the item of the list, `detail` has the evidence,
 *   `entities` are the entities that it belongs to; each is JSON.
 * - `recording_copies`: the recordings of these faults, also those that wait to be copied. `told` describes one, as JSON.
 * - `peer_instances`: the last known instance of each peer.
 */
export const PEER_TABLES: readonly Migration[] = [
  [
    `CREATE TABLE peer_approvals (
       name TEXT PRIMARY KEY, url TEXT NOT NULL, approved_ms INTEGER NOT NULL, principal TEXT NOT NULL
     )`,
  ],
  ['CREATE TABLE peer_clocks (name TEXT PRIMARY KEY, history TEXT NOT NULL)'],
  [
    `CREATE TABLE fault_copies (
       peer TEXT NOT NULL, holder TEXT NOT NULL, code TEXT NOT NULL, item TEXT NOT NULL, detail TEXT NOT NULL,
       entities TEXT NOT NULL, as_of_ms INTEGER NOT NULL, bytes INTEGER NOT NULL, is_listed INTEGER NOT NULL,
       PRIMARY KEY (peer, holder, code)
     )`,
  ],
  [
    `CREATE TABLE recording_copies (
       peer TEXT NOT NULL, id TEXT NOT NULL, told TEXT NOT NULL, since_ms INTEGER NOT NULL, PRIMARY KEY (peer, id)
     )`,
  ],
  [
    'CREATE TABLE peer_instances (name TEXT PRIMARY KEY, instance TEXT NOT NULL, is_keyed INTEGER NOT NULL)',
    // Numbers the rows in the order of their inserts, which SQLite does anyway.
    { sql: 'SELECT 1', postgres: 'ALTER TABLE peer_instances ADD COLUMN rowid BIGINT GENERATED ALWAYS AS IDENTITY' },
  ],
];
