import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import type { Thread } from '@medkit/edges';
import { systemWritableFiles } from '@medkit/edges/node';
import { sampleAt, scanBlock } from '../../testing/recorded-topics.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { startBagThread } from './bag-thread.ts';
import { threadedBagShelf } from './threaded-shelf.ts';

const MAX_FILE_OCTETS = 1_000_000;

describe('a recording that is written in a thread', () => {
  it('equals a recording without one, and its thread ends with it', async () => {
    using folder = temporaryFolder();
    let thread: Thread | undefined;
    const start = () => {
      thread = startBagThread();
      return thread;
    };
    const shelf = threadedBagShelf(systemWritableFiles, start);
    const bag = await shelf.open({ id: 'r', folder: folder.path, format: 'sqlite3', maxFileOctets: MAX_FILE_OCTETS });
    const block = scanBlock(sampleAt(1), sampleAt(2));
    await bag.write(block);
    assert.equal(block.octets.length, 0, 'its memory moved, and was not copied');
    const { path, messageCount } = await bag.finish(['F1']);
    await thread?.ended;
    assert.equal(messageCount, 2);
    const database = new DatabaseSync(join(path, 'r_0.db3'), { readOnly: true });
    assert.deepEqual(
      database
        .prepare('SELECT data FROM messages')
        .all()
        .map(({ data }) => data),
      [sampleAt(1).octets, sampleAt(2).octets],
    );
    database.close();
  });

  it('is removed if its thread dies, which is reported', async () => {
    using folder = temporaryFolder();
    const started: Thread[] = [];
    const start = () => {
      started.push(startBagThread());
      return started[0];
    };
    const shelf = threadedBagShelf(systemWritableFiles, start);
    const bag = await shelf.open({ id: 'r', folder: folder.path, format: 'mcap', maxFileOctets: MAX_FILE_OCTETS });
    await bag.write(scanBlock(sampleAt(1)));
    await started[0].end();
    await assert.rejects(bag.finish(['F1']), /the thread that writes the recording ended/);
    assert.deepEqual(readdirSync(folder.path), ['.unfinished']);
    await bag.discard();
    assert.deepEqual(readdirSync(join(folder.path, '.unfinished')), []);
  });

  it('cannot start if its files cannot be created, and leaves no thread', async () => {
    let thread: Thread | undefined;
    const start = () => {
      thread = startBagThread();
      return thread;
    };
    const shelf = threadedBagShelf(systemWritableFiles, start);
    const options = { id: 'r', folder: '/dev/null', format: 'mcap', maxFileOctets: MAX_FILE_OCTETS } as const;
    await assert.rejects(shelf.open(options), /ENOTDIR|EEXIST/);
    await thread?.ended;
  });
});
