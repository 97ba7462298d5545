import { join } from 'node:path';
import type { Thread, WritableFiles } from '@medkit/edges';
import { type Bag, type BagOptions, type BagShelf, type StoredBag, UNFINISHED } from '../files/bag.ts';
import { transferList } from '../files/sample-block.ts';
import { startBagThread } from './bag-thread.ts';
import type { BagAnswer, BagCall } from './protocol.ts';

/**
 * Writes each recording in a separate thread, from its beginning to its end. Compression and a slow disk block nothing
 * else, and between faults there is no thread.
 */
export const threadedBagShelf = (files: WritableFiles, start: () => Thread = startBagThread): BagShelf => ({
  open: (options) => openThreadedBag(options, files, start),
  sweep: (folder) => files.remove(join(folder, UNFINISHED)),
  remove: (path) => files.remove(path),
});

async function openThreadedBag(options: BagOptions, files: WritableFiles, start: () => Thread): Promise<Bag> {
  const thread = start();
  const ask = askable(thread);
  const discard = async (): Promise<void> => {
    await thread.end();
    await files.remove(join(options.folder, UNFINISHED, options.id));
  };
  try {
    await ask({ name: 'open', options });
  } catch (error) {
    await thread.end();
    throw error;
  }
  return {
    async write(block) {
      await ask({ name: 'write', block }, transferList(block));
    },
    async finish(faultCodes) {
      const stored = await ask({ name: 'finish', faultCodes });
      await thread.end();
      return stored as StoredBag;
    },
    discard,
  };
}

/** Calls the thread and waits for its reply; one call at a time. Also rejects if the thread ends. */
function askable({ port, ended }: Thread): (call: BagCall, transfer?: readonly ArrayBuffer[]) => Promise<unknown> {
  let waiting: PromiseWithResolvers<unknown> | undefined;
  let gone: Error | undefined;
  port.on('message', (message) => {
    const answer = message as BagAnswer;
    if (answer.error === undefined) waiting?.resolve(answer.value);
    else waiting?.reject(new Error(answer.error));
    waiting = undefined;
  });
  void ended.then((reason) => {
    gone = new Error(`the thread that writes the recording ended (${reason})`);
    waiting?.reject(gone);
  });
  return (call, transfer = []) => {
    if (gone) return Promise.reject(gone);
    waiting = Promise.withResolvers();
    port.postMessage(call, transfer);
    return waiting.promise;
  };
}
