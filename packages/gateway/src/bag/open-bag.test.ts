import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { McapWriter, TempBuffer } from '@mcap/core';
import { BagUnreadable } from '@medkit/faults/reading';
import { openBag } from './open-bag.ts';

const BEGAN_NS = 1_767_225_600_000_000_000n;

/** Returns an MCAP file with one message of `/n`, `second` seconds after `BEGAN_NS`. */
async function mcapAt(second: number): Promise<Uint8Array> {
  const target = new TempBuffer();
  const writer = new McapWriter({ writable: target });
  await writer.start({ profile: 'ros2', library: 'another recorder' });
  const schema = { name: 'std_msgs/msg/Int32', encoding: 'ros2msg', data: new TextEncoder().encode('int32 data') };
  const schemaId = await writer.registerSchema(schema);
  const channelId = await writer.registerChannel({
    topic: '/n',
    schemaId,
    messageEncoding: 'cdr',
    metadata: new Map(),
  });
  const logTime = BEGAN_NS + BigInt(second) * 1_000_000_000n;
  const data = Uint8Array.of(0, 1, 0, 0, second, 0, 0, 0);
  await writer.addMessage({ channelId, sequence: 0, logTime, publishTime: logTime, data });
  await writer.end();
  return target.get();
}

describe('a recording on this machine', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'medkit-bags-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** Creates a rosbag2 folder with several files. */
  async function bagFolder(name: string, seconds: readonly number[], metadata?: string): Promise<string> {
    const path = join(folder, name);
    mkdirSync(path);
    for (const [at, second] of seconds.entries()) writeFileSync(join(path, `${name}_${at}.mcap`), await mcapAt(second));
    if (metadata !== undefined) writeFileSync(join(path, 'metadata.yaml'), metadata);
    return path;
  }
  const metadataOf = (...names: readonly string[]) =>
    `rosbag2_bagfile_information:\n  version: 9\n  relative_file_paths: [${names.join(', ')}]\n`;

  async function secondsIn(path: string): Promise<readonly (number | undefined)[]> {
    const bag = await openBag(path);
    const seconds = [];
    for await (const { octets } of bag.messages()) seconds.push(octets[4]);
    await bag.close();
    return seconds;
  }

  it('may be a folder of rosbag2: all files, in the order of its metadata', async () => {
    const path = await bagFolder('walk', [7, 9], metadataOf('walk/walk_1.mcap', 'walk_0.mcap'));
    const bag = await openBag(path);
    assert.deepEqual(
      [bag.isComplete, bag.startNs, bag.endNs - bag.startNs, bag.topics.map(({ name, count }) => [name, count])],
      [true, BEGAN_NS + 7_000_000_000n, 2_000_000_000n, [['/n', 2]]],
    );
    await bag.close();
    assert.deepEqual(await secondsIn(path), [9, 7]);
  });

  it('may be a folder without metadata: all files, by their numbers', async () => {
    const path = await bagFolder(
      'run',
      Array.from({ length: 11 }, (_, second) => second),
    );
    assert.deepEqual(await secondsIn(path), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('is recognised by its first bytes, whatever its name', async () => {
    const path = join(folder, 'named.bag');
    cpSync(join(await bagFolder('other', [3]), 'other_0.mcap'), path);
    assert.deepEqual(await secondsIn(path), [3]);
  });

  it('is refused with the reason and the remedy', async () => {
    const file = (name: string, text: string | Uint8Array): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const cases: readonly (readonly [string, RegExp])[] = [
      [file('nothing.mcap', ''), /^the file is empty: the recorder wrote no data/],
      [file('nothing.db3', ''), /^the file is empty/],
      [file('text.mcap', 'hello'), /^it is neither an MCAP file nor a SQLite database/],
      [file('packed.mcap.zstd', Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0)), /zstd -d/],
      [file('old.bag', '#ROSBAG V2.0\n'), /ROS 1.*rosbags-convert/],
      [await bagFolder('bare', []), /it has no \.mcap or \.db3 file/],
      [await bagFolder('lost', [1], metadataOf('lost_0.mcap', 'lost_1.mcap')), /names lost_1\.mcap, which is not/],
      [await bagFolder('odd', [1], 'a: [b'), /^its metadata\.yaml is not valid YAML/],
    ];
    for (const [path, reason] of cases) {
      await assert.rejects(
        openBag(path),
        (error) => error instanceof BagUnreadable && reason.test(error.message),
        path,
      );
    }
    const half = await bagFolder('half', [1, 2]);
    writeFileSync(join(half, 'half_1.mcap'), '');
    await assert.rejects(openBag(half), /^BagUnreadable: half_1\.mcap: the file is empty/);
    assert.equal(readdirSync(half).length, 2);
  });
});
