import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { WritableFiles } from '@medkit/edges';
import { systemWritableFiles } from '@medkit/edges/node';
import { sampleAt, scanBlock } from '../../testing/recorded-topics.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import type { BagFormat } from './bag.ts';
import { bagShelf } from './open-bag.ts';

const FORMATS: readonly BagFormat[] = ['sqlite3', 'mcap'];
const options = (folder: string, format: BagFormat) => ({ id: 'r', folder, format, maxFileOctets: 1_000_000 });

/** Files on a disk that is full after this many bytes. */
const fullAfter = (octets: number): WritableFiles => ({
  ...systemWritableFiles,
  write: (path, chunks) =>
    systemWritableFiles.write(
      path,
      (async function* () {
        let written = 0;
        for await (const chunk of chunks) {
          written += chunk.length;
          if (written > octets) throw new Error('ENOSPC: no space left on device, write');
          yield chunk;
        }
      })(),
    ),
});

for (const format of FORMATS) {
  describe(`a ${format} recording`, () => {
    it('is not listed until it is complete', async () => {
      using folder = temporaryFolder();
      const bag = await bagShelf(systemWritableFiles).open(options(folder.path, format));
      await bag.write(scanBlock(sampleAt(1)));
      assert.deepEqual(readdirSync(folder.path), ['.unfinished']);
      await bag.finish(['F1']);
      assert.ok(existsSync(join(folder.path, 'r', 'metadata.yaml')));
      assert.deepEqual(readdirSync(join(folder.path, '.unfinished')), []);
    });

    it('leaves nothing when it is discarded', async () => {
      using folder = temporaryFolder();
      const bag = await bagShelf(systemWritableFiles).open(options(folder.path, format));
      await bag.write(scanBlock(sampleAt(1)));
      await bag.discard();
      assert.deepEqual(readdirSync(join(folder.path, '.unfinished')), []);
    });

    it('is removed if the process was killed during the recording', async () => {
      using folder = temporaryFolder();
      const bag = await bagShelf(systemWritableFiles).open(options(folder.path, format));
      await bag.write(scanBlock(sampleAt(1)));
      await bagShelf(systemWritableFiles).sweep(folder.path);
      assert.deepEqual(readdirSync(folder.path), []);
      await bag.discard();
    });

    it('B18: may contain no message', async () => {
      using folder = temporaryFolder();
      const bag = await bagShelf(systemWritableFiles).open(options(folder.path, format));
      const { path, messageCount } = await bag.finish(['F1']);
      assert.equal(messageCount, 0);
      assert.equal(readdirSync(path).length, 2);
    });

    it('B17: fails with the reason if its folder is a file', async () => {
      using folder = temporaryFolder();
      const notFolder = join(folder.path, 'file');
      writeFileSync(notFolder, '');
      await assert.rejects(bagShelf(systemWritableFiles).open(options(notFolder, format)), /ENOTDIR/);
    });

    it('leaves nothing if the disk is full', async () => {
      using folder = temporaryFolder();
      const shelf = bagShelf(fullAfter(50));
      const bag = await shelf.open(options(folder.path, format));
      const writing = (async () => {
        await bag.write(scanBlock(sampleAt(1, 2_000_000)));
        await bag.finish(['F1']);
      })();
      await assert.rejects(writing, /no space left/);
      await bag.discard();
      assert.deepEqual(readdirSync(folder.path), ['.unfinished']);
      assert.deepEqual(readdirSync(join(folder.path, '.unfinished')), []);
    });
  });
}
