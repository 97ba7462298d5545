import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { BEGAN_NS } from './write-bag.ts';

/** A recording to store: its content, and when it was created, in seconds after `BEGAN_NS`. */
export interface BagToStore {
  readonly id: string;
  /** Absent: the catalogue has it, but its files are missing. */
  readonly octets?: Uint8Array;
  readonly second: number;
}

/** Writes recordings to a data folder, and enters them in the catalogue of its fault database as the recorder does. */
export function storeBags(dataFolder: string, bags: readonly BagToStore[]): void {
  const database = new DatabaseSync(join(dataFolder, 'faults.db'));
  const insert = database.prepare(
    `INSERT INTO rosbag_files (fault_code, recording_id, file_path, format, duration_sec, size_bytes, created_at_ns)
     VALUES ('SAG', ?, ?, 'mcap', 14, ?, ?)`,
  );
  for (const { id, octets, second } of bags) {
    const path = join(dataFolder, 'recordings', id);
    if (octets) {
      mkdirSync(path, { recursive: true });
      writeFileSync(join(path, `${id}_0.mcap`), octets);
    }
    insert.run(id, path, octets?.length ?? 1, BEGAN_NS + BigInt(second) * 1_000_000_000n);
  }
  database.close();
}
