import { randomFillSync } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const OWNER_ONLY_FILE = 0o600;
const CHUNK_OCTETS = 64 * 1024;

/**
 * Reserved disk space: a file beside the database that is removed when a write finds the disk full. That write and some
 * hundred more then succeed while other parts of medkit make room.
 */
export class Reserve {
  readonly #path: string;
  readonly #octets: number;

  /** @param octets size in bytes; 0 disables the reserve */
  constructor(databasePath: string, octets: number) {
    this.#path = `${databasePath}.reserve`;
    this.#octets = octets;
  }

  /** Creates the reserve if it is missing. Returns whether it exists. */
  take(): boolean {
    if (this.#octets === 0 || statSync(this.#path, { throwIfNoEntry: false })?.size === this.#octets) return true;
    try {
      // Avoids repeated writes to a disk that stays full.
      const { bavail, bsize } = statfsSync(dirname(this.#path));
      if (bavail * bsize < this.#octets) return false;
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
      const chunk = randomFillSync(Buffer.alloc(CHUNK_OCTETS));
      for (let left = this.#octets; left > 0; left -= chunk.length) writeWhole(file, chunk.subarray(0, left));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }
}

function writeWhole(file: number, octets: Uint8Array): void {
  for (let written = 0; written < octets.length; ) written += writeSync(file, octets, written);
}
