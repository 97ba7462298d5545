import { DatabaseSync } from 'node:sqlite';
import { yaml } from '@medkit/documents';
import type { WritableFiles } from '@medkit/edges';
import type { TopicDescription } from '../tap/tap-provider.ts';
import type { BagFile } from './bag-file.ts';
import { METADATA_VERSION, ROS_DISTRO } from './bag-metadata.ts';
import { qosProfile } from './qos-profile.ts';
import { samplesOf } from './sample-block.ts';

/** Schema 4 of the storage plugin `sqlite3`, used by ROS 2 since Iron. */
const SCHEMA_VERSION = 4;
const SCHEMA = `
  CREATE TABLE schema(schema_version INTEGER PRIMARY KEY, ros_distro TEXT NOT NULL);
  CREATE TABLE metadata(id INTEGER PRIMARY KEY, metadata_version INTEGER NOT NULL, metadata TEXT NOT NULL);
  CREATE TABLE topics(
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL, serialization_format TEXT NOT NULL,
    offered_qos_profiles TEXT NOT NULL, type_description_hash TEXT NOT NULL);
  CREATE TABLE message_definitions(
    id INTEGER PRIMARY KEY, topic_type TEXT NOT NULL, encoding TEXT NOT NULL,
    encoded_message_definition TEXT NOT NULL, type_description_hash TEXT NOT NULL);
  CREATE TABLE messages(
    id INTEGER PRIMARY KEY, topic_id INTEGER NOT NULL, timestamp INTEGER NOT NULL, data BLOB NOT NULL);
  CREATE INDEX timestamp_idx ON messages (timestamp ASC);`;

/** An incomplete file is discarded, so it needs no journal, and is flushed to disk only once at the end. */
const WHILE_WRITING = 'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;';
const IN_THE_END = 'PRAGMA synchronous = FULL;';

/** Opens a file for the rosbag2 storage plugin `sqlite3`. */
export async function openSqliteFile(path: string, files: WritableFiles): Promise<BagFile> {
  // Creates the folder, and the file for this user only. SQLite treats an empty file as a new database.
  await files.write(path, nothing());
  const database = new DatabaseSync(path);
  const pageSize = openTables(database);
  const insert = database.prepare('INSERT INTO messages (topic_id, timestamp, data) VALUES (?, ?, ?)');
  const pages = database.prepare('PRAGMA page_count');
  let topicsInFile = 0;
  const definedTypes = new Set<string>();

  const octets = (): number => Number(pages.get()?.page_count) * pageSize;
  const addTopic = (topic: TopicDescription, id: number): void => {
    const { name, type, offeredQos, typeHash, definition } = topic;
    database
      .prepare('INSERT INTO topics VALUES (?, ?, ?, ?, ?, ?)')
      .run(id, name, type, 'cdr', yaml().stringify(offeredQos.map(qosProfile)), typeHash);
    if (definedTypes.has(type)) return;
    definedTypes.add(type);
    database
      .prepare('INSERT INTO message_definitions VALUES (NULL, ?, ?, ?, ?)')
      .run(type, definition === undefined ? 'unknown' : 'ros2msg', definition ?? '', typeHash);
  };

  return {
    octets,
    async write(block, topics) {
      database.exec('BEGIN');
      for (; topicsInFile < topics.length; topicsInFile += 1) addTopic(topics[topicsInFile], topicsInFile + 1);
      for (const { topic, loggedNs, octets: data } of samplesOf(block)) insert.run(topic + 1, loggedNs, data);
      database.exec('COMMIT');
    },
    async finish(metadata) {
      database.exec(IN_THE_END);
      database.prepare('INSERT INTO metadata VALUES (NULL, ?, ?)').run(METADATA_VERSION, metadata);
      const size = octets();
      database.close();
      return size;
    },
    async abandon() {
      if (database.isOpen) database.close();
    },
  };
}

/** Creates the tables, and returns the page size in bytes. */
function openTables(database: DatabaseSync): number {
  try {
    database.exec(WHILE_WRITING);
    database.exec(SCHEMA);
    database.prepare('INSERT INTO schema VALUES (?, ?)').run(SCHEMA_VERSION, ROS_DISTRO);
    return Number(database.prepare('PRAGMA page_size').get()?.page_size);
  } catch (error) {
    database.close();
    throw error;
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // The file must be empty.
}
