import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { systemWritableFiles } from '@medkit/edges/node';
import { parse } from 'yaml';
import { EPOCH_NS, logged, MAP, ODD, SCAN, sampleAt, scanBlock } from '../../testing/recorded-topics.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { bagShelf } from './open-bag.ts';
import { packBlock } from './sample-block.ts';

const shelf = bagShelf(systemWritableFiles);
const MIB = 1024 * 1024;

/** Reads with the statements of rosbag2's storage plugin. */
function read(path: string) {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const all = (sql: string) => {
      const statement = database.prepare(sql);
      statement.setReadBigInts(true);
      return statement.all() as Record<string, unknown>[];
    };
    return {
      intact: all('PRAGMA integrity_check')[0].integrity_check === 'ok',
      version: all('SELECT schema_version, ros_distro FROM schema')[0],
      topics: all(
        'SELECT id, name, type, serialization_format, offered_qos_profiles, type_description_hash FROM topics ORDER BY id',
      ),
      definitions: all(
        'SELECT topic_type, encoding, encoded_message_definition, type_description_hash FROM message_definitions ORDER BY id',
      ),
      metadata: all('SELECT metadata_version, metadata FROM metadata ORDER BY id'),
      messages: all(
        'SELECT data, timestamp, topics.name FROM messages JOIN topics ON messages.topic_id = topics.id ' +
          'ORDER BY messages.timestamp, messages.id',
      ),
    };
  } finally {
    database.close();
  }
}

describe('a recording for sqlite3', () => {
  it('contains the recorded messages in the schema of rosbag2', async () => {
    using folder = temporaryFolder();
    const bag = await shelf.open({ id: 'fault_F1_1', folder: folder.path, format: 'sqlite3', maxFileOctets: MIB });
    const [map, first, second] = [sampleAt(0, 5000), sampleAt(1), sampleAt(2.5, 4)];
    await bag.write(packBlock([MAP, SCAN], [logged(0, map), logged(1, first)]));
    await bag.write(packBlock([ODD], [logged(1, second), logged(2, sampleAt(3))]));
    const stored = await bag.finish(['F1']);
    assert.equal(stored.path, join(folder.path, 'fault_F1_1'));
    const found = read(join(stored.path, 'fault_F1_1_0.db3'));
    assert.equal(found.intact, true);
    assert.deepEqual({ ...found.version }, { schema_version: 4n, ros_distro: 'jazzy' });
    assert.deepEqual(
      found.topics.map((topic) => [topic.id, topic.name, topic.type, topic.serialization_format]),
      [
        [1n, '/map', 'nav_msgs/msg/OccupancyGrid', 'cdr'],
        [2n, '/scan', 'sensor_msgs/msg/LaserScan', 'cdr'],
        [3n, '/odd', 'acme_msgs/msg/Odd', 'cdr'],
      ],
    );
    assert.equal(found.topics[0].type_description_hash, MAP.typeHash);
    const qos = parse(String(found.topics[0].offered_qos_profiles));
    assert.equal(qos.length, 2);
    assert.deepEqual(qos[0], {
      history: 'keep_last',
      depth: 1,
      reliability: 'reliable',
      durability: 'transient_local',
      deadline: { sec: 9_223_372_036, nsec: 854_775_807 },
      lifespan: { sec: 9_223_372_036, nsec: 854_775_807 },
      liveliness: 'automatic',
      liveliness_lease_duration: { sec: 9_223_372_036, nsec: 854_775_807 },
      avoid_ros_namespace_conventions: false,
    });
    assert.deepEqual(qos[1].deadline, { sec: 1, nsec: 500_250_000 });
    assert.deepEqual(
      found.definitions.map(({ topic_type, encoding, encoded_message_definition }) => [
        topic_type,
        encoding,
        encoded_message_definition,
      ]),
      [
        [MAP.type, 'ros2msg', MAP.definition],
        [SCAN.type, 'ros2msg', SCAN.definition],
        [ODD.type, 'unknown', ''],
      ],
    );
    assert.deepEqual(
      found.messages.map(({ name, timestamp, data }) => [name, timestamp, data]),
      [
        ['/map', EPOCH_NS, map.octets],
        ['/scan', EPOCH_NS + 1_000_000n, first.octets],
        ['/scan', EPOCH_NS + 2_500_000n, second.octets],
        ['/odd', EPOCH_NS + 3_000_000n, sampleAt(3).octets],
      ],
    );
  });

  it('describes its content beside the file and in it', async () => {
    using folder = temporaryFolder();
    const bag = await shelf.open({ id: 'r', folder: folder.path, format: 'sqlite3', maxFileOctets: MIB });
    await bag.write(scanBlock(sampleAt(1), sampleAt(4)));
    const stored = await bag.finish(['F1']);
    const text = readFileSync(join(stored.path, 'metadata.yaml'), 'utf8');
    const { rosbag2_bagfile_information: about } = parse(text, { intAsBigInt: true });
    assert.equal(about.version, 9n);
    assert.equal(about.storage_identifier, 'sqlite3');
    assert.deepEqual(about.starting_time, { nanoseconds_since_epoch: EPOCH_NS + 1_000_000n });
    assert.deepEqual(about.duration, { nanoseconds: 3_000_000n });
    assert.equal(about.message_count, 2n);
    assert.equal(about.topics_with_message_count[0].message_count, 2n);
    const topic = about.topics_with_message_count[0].topic_metadata;
    assert.deepEqual(
      [topic.name, topic.type, topic.serialization_format, topic.type_description_hash],
      ['/scan', SCAN.type, 'cdr', SCAN.typeHash],
    );
    assert.equal(topic.offered_qos_profiles[0].reliability, 'best_effort');
    assert.deepEqual(about.relative_file_paths, ['r_0.db3']);
    assert.equal(about.files[0].path, 'r_0.db3');
    assert.deepEqual(
      [about.compression_format, about.compression_mode, about.custom_data],
      ['', '', { medkit_fault_codes: 'F1' }],
    );
    assert.equal(about.ros_distro, 'jazzy');
    const row = read(join(stored.path, 'r_0.db3')).metadata[0];
    assert.equal(row.metadata_version, 9n);
    assert.deepEqual(parse(String(row.metadata), { intAsBigInt: true }), about);
    assert.deepEqual(readdirSync(stored.path).sort(), ['metadata.yaml', 'r_0.db3']);
    assert.equal(stored.octets, statSync(join(stored.path, 'r_0.db3')).size, 'what a download of it has');
  });

  it('B23: continues in another file when one is full, which lists all topics again', async () => {
    using folder = temporaryFolder();
    const bag = await shelf.open({ id: 'r', folder: folder.path, format: 'sqlite3', maxFileOctets: 100_000 });
    await bag.write(packBlock([SCAN, MAP], [logged(0, sampleAt(0, 60_000)), logged(1, sampleAt(1, 60_000))]));
    await bag.write(packBlock([], [logged(0, sampleAt(2))]));
    const stored = await bag.finish(['F1']);
    assert.deepEqual(readdirSync(stored.path), ['metadata.yaml', 'r_0.db3', 'r_1.db3']);
    const second = read(join(stored.path, 'r_1.db3'));
    assert.deepEqual(
      second.topics.map(({ name }) => name),
      ['/scan', '/map'],
    );
    assert.deepEqual(
      second.messages.map(({ name }) => name),
      // The earlier latched message comes first.
      ['/map', '/scan'],
    );
    const { rosbag2_bagfile_information: about } = parse(readFileSync(join(stored.path, 'metadata.yaml'), 'utf8'));
    assert.deepEqual(
      about.files.map((file: { message_count: number }) => file.message_count),
      [2, 2],
    );
    assert.equal(about.message_count, 4);
  });
});
