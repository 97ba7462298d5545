import type { Migration } from '@medkit/store';

/** Data of entities when their faults were confirmed: one row for each entity of a fault, in order of arrival. */
export const ENTITY_FRAME_TABLES: readonly Migration[] = [
  [
    `CREATE TABLE entity_frames (
       number INTEGER PRIMARY KEY, fault_code TEXT NOT NULL, entity TEXT NOT NULL, data TEXT NOT NULL, problem TEXT,
       occurrence INTEGER, at_start INTEGER NOT NULL, connected INTEGER NOT NULL, source_ns INTEGER NOT NULL,
       captured_at_ns INTEGER NOT NULL
     )`,
    'CREATE INDEX entity_frames_of_fault ON entity_frames (fault_code)',
  ],
  // JSON, by data id: `{"level": {"value": 3, "history": [[timeNs, 4], [timeNs, 3]]}}`.
  ['ALTER TABLE entity_frames ADD COLUMN history TEXT'],
  // JSON: `[{"field": "level", "value": 90, "side": "above"}]`.
  ['ALTER TABLE entity_frames ADD COLUMN limits TEXT'],
];
