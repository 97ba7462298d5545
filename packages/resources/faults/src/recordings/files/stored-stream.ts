import type { WritableFiles } from '@medkit/edges';

/** A file that is written in pieces. */
export interface StoredStream {
  /** Resolves when the bytes are written and may be reused. Rejects if they cannot be written. */
  write(octets: Uint8Array): Promise<void>;
  /** Bytes written so far. */
  position(): bigint;
  /** Ends the file and waits until it is on disk. */
  end(): Promise<void>;
}

/** Adapts `WritableFiles.write`, which pulls its chunks, to a writer that pushes them. */
export function storedStream(files: WritableFiles, path: string): StoredStream {
  let position = 0n;
  let offer = Promise.withResolvers<Uint8Array | undefined>();
  let taken = Promise.withResolvers<void>();
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let octets = await offer.promise; octets; octets = await offer.promise) {
      yield octets;
      // A request for the next chunk means that this one was written.
      offer = Promise.withResolvers();
      const { resolve } = taken;
      taken = Promise.withResolvers();
      resolve();
    }
  }
  const stored = files.write(path, chunks());
  // Prevents an unhandled rejection; `write` and `end` report the error.
  stored.catch(() => undefined);
  return {
    async write(octets) {
      if (octets.length === 0) return;
      const done = taken.promise;
      offer.resolve(octets);
      await Promise.race([done, stored]);
      position += BigInt(octets.length);
    },
    position: () => position,
    async end() {
      offer.resolve(undefined);
      await stored;
    },
  };
}
