import { DatabaseSync } from 'node:sqlite';
import { type BagReader, BagUnreadable, byName, offeredQos } from './bag-reader.ts';

/** Opens a recording of the rosbag2 storage plugin `sqlite3`. Throws `BagUnreadable`. */
export function openSqliteReader(path: string): BagReader {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const topics = database
      .prepare(
        `SELECT name, type, offered_qos_profiles AS qos, (SELECT count(*) FROM messages WHERE topic_id = topics.id) AS count
         FROM topics`,
      )
      .all();
    const span = database.prepare('SELECT min(timestamp) AS first, max(timestamp) AS last FROM messages');
    span.setReadBigInts(true);
    const { first, last } = span.get() as { first: bigint | null; last: bigint | null };
    return {
      format: 'sqlite3',
      isComplete: true,
      startNs: first ?? 0n,
      endNs: last ?? 0n,
      topics: topics
        .map(({ name, type, qos, count }) => ({
          name: String(name),
          type: String(type),
          count: Number(count),
          ...offeredQos(String(qos)),
        }))
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
