import { join } from 'node:path';
import type { WritableFiles } from '@medkit/edges';
import { type Bag, type BagFormat, type BagOptions, type BagShelf, METADATA_FILE, UNFINISHED } from './bag.ts';
import type { BagFile } from './bag-file.ts';
import { embeddedMetadata, metadataFile } from './bag-metadata.ts';
import { BagTally } from './bag-tally.ts';
import { LatchedMessages } from './latched-messages.ts';
import { openMcapFile } from './mcap-file.ts';
import type { SampleBlock } from './sample-block.ts';
import { openSqliteFile } from './sqlite-file.ts';

interface Storage {
  readonly extension: string;
  readonly open: (path: string, files: WritableFiles) => Promise<BagFile>;
}

const STORAGES: Readonly<Record<BagFormat, Storage>> = {
  sqlite3: { extension: 'db3', open: openSqliteFile },
  mcap: { extension: 'mcap', open: openMcapFile },
};

/** Writes recordings in this thread, blocking it. */
export const bagShelf = (files: WritableFiles): BagShelf => ({
  open: (options) => openBag(options, files),
  sweep: (folder) => files.remove(join(folder, UNFINISHED)),
  remove: (path) => files.remove(path),
});

/** Begins a recording with its first file. */
async function openBag({ id, folder, format, maxFileOctets }: BagOptions, files: WritableFiles): Promise<Bag> {
  const unfinished = join(folder, UNFINISHED, id);
  const storage = STORAGES[format];
  const tally = new BagTally();
  const latched = new LatchedMessages();
  let octets = 0;
  const beginFile = (): Promise<BagFile> => {
    const name = `${id}_${tally.files.length}.${storage.extension}`;
    tally.beginFile(name);
    return storage.open(join(unfinished, name), files);
  };
  const finishFile = async (faultCodes: readonly string[]): Promise<void> => {
    octets += await file.finish(embeddedMetadata(tally, format, faultCodes));
  };
  const writeBlock = async (block: SampleBlock): Promise<void> => {
    tally.count(block);
    await file.write(block, tally.topics);
  };
  let file: BagFile;
  try {
    file = await beginFile();
  } catch (error) {
    await files.remove(unfinished);
    throw error;
  }

  return {
    async write(block) {
      if (file.octets() >= maxFileOctets) {
        await finishFile([]);
        file = await beginFile();
        const repeated = latched.blockAt(block.loggedNs[0] ?? 0n);
        if (repeated.topic.length > 0) await writeBlock(repeated);
      }
      await writeBlock(block);
      latched.take(block, tally.topics);
    },
    async finish(faultCodes) {
      await finishFile(faultCodes);
      const metadata = Buffer.from(metadataFile(tally, format, faultCodes));
      await files.write(join(unfinished, METADATA_FILE), only(metadata));
      const path = join(folder, id);
      await files.move(unfinished, path);
      return { path, octets, messageCount: tally.whole.messages };
    },
    async discard() {
      await file.abandon();
      await files.remove(unfinished);
    },
  };
}

async function* only(octets: Uint8Array): AsyncGenerator<Uint8Array> {
  yield octets;
}
