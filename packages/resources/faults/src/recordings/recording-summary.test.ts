import assert from 'node:assert/strict';
import { it } from 'node:test';
import { recordingSummaries } from './recording-summary.ts';

const METADATA = `rosbag2_bagfile_information:
  version: 9
  storage_identifier: mcap
  duration:
    nanoseconds: 6000000000
  starting_time:
    nanoseconds_since_epoch: 1770201006500000000
  message_count: 3
  topics_with_message_count:
    - topic_metadata:
        name: /scan
        type: sensor_msgs/msg/LaserScan
        serialization_format: cdr
      message_count: 2
    - topic_metadata:
        name: /odom
        type: nav_msgs/msg/Odometry
      message_count: 1
    - damaged
  compression_format: ''
`;

it('a recording has a summary of its content, which is read once', async () => {
  const read: string[] = [];
  const summary = recordingSummaries({
    readText: async (path) => {
      read.push(path);
      return METADATA;
    },
  });
  const first = await summary('/bags/a', 'mcap');
  assert.deepEqual(first, {
    topics: [
      { name: '/scan', type: 'sensor_msgs/msg/LaserScan', count: 2 },
      { name: '/odom', type: 'nav_msgs/msg/Odometry', count: 1 },
    ],
    start: '2026-02-04T10:30:06.500Z',
    end: '2026-02-04T10:30:12.500Z',
    compression: 'zstd',
  });
  assert.equal(await summary('/bags/a', 'mcap'), first);
  assert.deepEqual(read, ['/bags/a/metadata.yaml']);
  assert.equal((await summary('/bags/b', 'sqlite3'))?.['compression'], 'none');
});

it('a recording without a summary is read again', async () => {
  let text: string | undefined;
  const summary = recordingSummaries({ readText: async () => text });
  assert.equal(await summary('/bags/a', 'mcap'), undefined);
  text = 'rosbag2_bagfile_information: 7';
  assert.equal(await summary('/bags/a', 'mcap'), undefined);
  text = METADATA.replace("compression_format: ''", 'compression_format: lz4').replace('starting_time', 'start');
  assert.deepEqual(Object.keys((await summary('/bags/a', 'mcap')) ?? {}), ['topics', 'compression']);
  assert.equal((await summary('/bags/a', 'mcap'))?.['compression'], 'lz4');
});
