import { randomFillSync } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const OWNER_ONLY_FILE = 0o600;
const CHUNK_BYTES = 64 * 1024;

/**
 * Reserved disk space: a file beside the database that is removed when a write finds the disk full. That write and some
 * hundred more then succeed while other parts of medkit make room.
 */
export class Reserve {
  readonly #path: string;
  readonly #bytes: number;

  /** @param bytes size of the reserve; 0 disables it */
  constructor(databasePath: string, bytes: number) {
    this.#path = `${databasePath}.reserve`;
    this.#bytes = bytes;
  }

  /** Creates the reserve if it is missing. Returns whether it exists. */
  take(): boolean {
    if (this.#bytes === 0 || statSync(this.#path, { throwIfNoEntry: false })?.size === this.#bytes) return true;
    try {
      // Avoids repeated writes to a disk that stays full.
      const { bavail, bsize } = statfsSync(dirname(this.#path));
      if (bavail * bsize < this.#bytes) return false;
      this.#fill();
      return true;
    } catch {
      // Whatever the error: there is no reserve.
      this.release();
      return false;
    }
  }

  /** Removes the reserve. Returns false if there was none. */
  release(): boolean {
    const held = statSync(this.#path, { throwIfNoEntry: false }) !== undefined;
    rmSync(this.#path, { force: true });
    return held;
  }

  #fill(): void {
    const file = openSync(this.#path, 'w', OWNER_ONLY_FILE);
    try {
      // Random data, because file systems with compression allocate no space for zeros.
      const chunk = randomFillSync(Buffer.alloc(CHUNK_BYTES));
      for (let left = this.#bytes; left > 0; left -= chunk.length) writeWhole(file, chunk.subarray(0, left));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }
}

function writeWhole(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}
