import type { WritableFiles } from '@medkit/edges';

/** A file that is written piece by piece. */
export interface StoredStream {
  /** Resolves when the octets are written, and may be changed again. Rejects with why they cannot be. */
  write(octets: Uint8Array): Promise<void>;
  /** Octets so far. */
  position(): bigint;
  /** Ends the file and waits until it is on disk. */
  end(): Promise<void>;
}

/** Turns writing around: files are stored out of what they ask for, and here somebody has something to write. */
export function storedStream(files: WritableFiles, path: string): StoredStream {
  let position = 0n;
  let offer = Promise.withResolvers<Uint8Array | undefined>();
  let taken = Promise.withResolvers<void>();
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let octets = await offer.promise; octets; octets = await offer.promise) {
      yield octets;
      // Whoever asks for the next chunk is done with this one.
      offer = Promise.withResolvers();
      const { resolve } = taken;
      taken = Promise.withResolvers();
      resolve();
    }
  }
  const stored = files.write(path, chunks());
  // It is told to whoever writes or ends.
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
