import assert from 'node:assert/strict';
import { globSync, openSync, readSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { systemWritableFiles } from '@medkit/edges/node';
import { logged, MAP, SCAN, sampleAt } from '../../testing/recorded-topics.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import type { BagFormat } from '../files/bag.ts';
import { bagShelf } from '../files/open-bag.ts';
import { packBlock } from '../files/sample-block.ts';
import { type BagReader, BagUnreadable, offeredQos } from './bag-reader.ts';
import { openMcapReader } from './mcap-reader.ts';
import { openSqliteReader } from './sqlite-reader.ts';

function fileAt(path: string) {
  const descriptor = openSync(path, 'r');
  return {
    size: async () => BigInt(statSync(path).size),
    read: async (offset: bigint, octets: bigint) => {
      const buffer = new Uint8Array(Number(octets));
      return buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, Number(offset)));
    },
    close: async () => undefined,
  };
}

const OPEN: Readonly<Record<BagFormat, (path: string) => Promise<BagReader>>> = {
  mcap: (path) => openMcapReader(fileAt(path)),
  sqlite3: async (path) => openSqliteReader(path),
};

describe('a recording that is read', () => {
  for (const format of ['mcap', 'sqlite3'] as const) {
    it(`has its topics, times and messages as they were recorded: ${format}`, async () => {
      using folder = temporaryFolder();
      const shelf = bagShelf(systemWritableFiles);
      const bag = await shelf.open({ id: 'fault_F1_1', folder: folder.path, format, maxFileOctets: 1024 * 1024 });
      const [first, second, third] = [sampleAt(0, 50), sampleAt(1), sampleAt(2.5, 4)];
      await bag.write(packBlock([MAP, SCAN], [logged(0, first), logged(1, second), logged(1, third)]));
      const { path } = await bag.finish(['F1']);
      const [file = ''] = globSync('*_0.*', { cwd: path });
      const read = await OPEN[format](join(path, file));
      assert.deepEqual(
        read.topics.map(({ name, type, count }) => [name, type, count]),
        [MAP, SCAN].map(({ name, type }, at) => [name, type, at + 1]).sort(),
      );
      const messages = [];
      for await (const message of read.messages()) messages.push(message);
      const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex');
      assert.deepEqual(
        messages.map(({ topic, octets }) => [topic, hex(octets)]),
        [
          [MAP.name, hex(first.octets)],
          [SCAN.name, hex(second.octets)],
          [SCAN.name, hex(third.octets)],
        ],
      );
      assert.deepEqual([read.startNs, read.endNs], [messages[0]?.loggedNs, messages.at(-1)?.loggedNs]);
      await read.close();
    });

    it(`is refused where it is none: ${format}`, async () => {
      using folder = temporaryFolder();
      const path = join(folder.path, 'none');
      writeFileSync(path, 'no recording, but long enough to be taken for one at the first look at it');
      await assert.rejects(OPEN[format](path), BagUnreadable);
    });
  }

  it('has QoS in names or in figures', () => {
    assert.deepEqual(offeredQos('- durability: transient_local\n  reliability: reliable'), {
      latched: true,
      reliable: true,
    });
    assert.deepEqual(offeredQos('- reliability: 2\n  durability: 2'), { latched: false, reliable: false });
    assert.deepEqual(offeredQos(''), { latched: false, reliable: true });
  });
});
