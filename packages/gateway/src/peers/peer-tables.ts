import type { Migration } from '@medkit/store';

/**
 * Which gateways that were found are let in, each at the address where somebody has seen it; how far the clock of each was ahead,
 * the newest first, `[{"fromMs", "untilMs", "offsetMs", "uncertaintyMs"}, …]`; their faults as they were when they were copied:
 * `item` as the list of faults had it, `detail` with the evidence, `entities` those to which it belongs, each as JSON; and the
 * recordings of these, those that wait to be copied too: `told` is all that is known of one, as JSON. `peer_instances` has the
 * instance that each peer was last.
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
  ['CREATE TABLE peer_instances (name TEXT PRIMARY KEY, instance TEXT NOT NULL, is_keyed INTEGER NOT NULL)'],
];
