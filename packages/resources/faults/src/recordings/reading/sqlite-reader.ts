import { DatabaseSync } from 'node:sqlite';
import { type BagReader, BagUnreadable, byName, offeredQos } from './bag-reader.ts';

/** A file may come from anywhere: longer definitions are not read. Readers of definitions refuse longer ones, too. */
const MAX_DEFINITION_LENGTH = 1_000_000;

/** Opens a recording of the rosbag2 storage plugin `sqlite3`. Throws `BagUnreadable`. */
export function openSqliteReader(path: string): BagReader {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const topics = database
      .prepare(
        `SELECT name, type, serialization_format AS format, offered_qos_profiles AS qos, (SELECT count(*) FROM messages WHERE topic_id = topics.id) AS count
         FROM topics`,
      )
      .all();
    const definitions = definitionsOf(database);
    const span = database.prepare('SELECT min(timestamp) AS first, max(timestamp) AS last FROM messages');
    span.setReadBigInts(true);
    const { first, last } = span.get() as { first: bigint | null; last: bigint | null };
    return {
      format: 'sqlite3',
      isComplete: true,
      startNs: first ?? 0n,
      endNs: last ?? 0n,
      topics: topics
        .map(({ name, type, format, qos, count }) => {
          const definition = format === 'cdr' ? definitions.get(String(type)) : undefined;
          return {
            name: String(name),
            type: String(type),
            count: Number(count),
            ...offeredQos(String(qos)),
            ...(definition !== undefined && { definition }),
          };
        })
        .sort(byName),
      async *messages(selected) {
        const select = database.prepare(
          `SELECT topics.name AS topic, timestamp, data FROM messages JOIN topics ON topics.id = topic_id
           ORDER BY timestamp, messages.id`,
        );
        select.setReadBigInts(true);
        for (const { topic, timestamp, data } of select.iterate()) {
          if (selected?.has(String(topic)) ?? true)
            yield { topic: String(topic), loggedNs: timestamp as bigint, octets: data as Uint8Array };
        }
      },
      close: async () => database.close(),
    };
  } catch (error) {
    database.close();
    throw new BagUnreadable(`it is not a recording of rosbag2: ${(error as Error).message}`);
  }
}

/** Returns the definitions in the format `ros2msg` by type. Files of ROS 2 before Iron (schema 4) have none. */
function definitionsOf(database: DatabaseSync): ReadonlyMap<string, string> {
  const table = database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'message_definitions'");
  if (table.get() === undefined) return new Map();
  const rows = database
    .prepare(
      `SELECT topic_type AS type, encoded_message_definition AS text FROM message_definitions
       WHERE encoding = 'ros2msg' AND length(encoded_message_definition) <= ${MAX_DEFINITION_LENGTH}`,
    )
    .all();
  return new Map(rows.map(({ type, text }) => [String(type), String(text)]));
}
