import { randomFillSync } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const OWNER_ONLY_FILE = 0o600;
const CHUNK_OCTETS = 64 * 1024;

/**
 * Room on the disk for the time when there is no more: a file beside the database that is removed when a write finds the
 * disk full, so that it and some hundred more succeed while whoever can makes room.
 */
export class Reserve {
  readonly #path: string;
  readonly #octets: number;

  /** @param octets how much; 0 is none */
  constructor(databasePath: string, octets: number) {
    this.#path = `${databasePath}.reserve`;
    this.#octets = octets;
  }

  /** True where the room is there, or can be had now. */
  take(): boolean {
    if (this.#octets === 0 || statSync(this.#path, { throwIfNoEntry: false })?.size === this.#octets) return true;
    try {
      // A disk that stays full is not to be written to over and over.
      const { bavail, bsize } = statfsSync(dirname(this.#path));
      if (bavail * bsize < this.#octets) return false;
      this.#fill();
      return true;
    } catch {
      // Whatever the file system says: there is no reserve, which is all that matters of it.
      this.release();
      return false;
    }
  }

  /** Gives the room up. False where there was none. */
  release(): boolean {
    const held = statSync(this.#path, { throwIfNoEntry: false }) !== undefined;
    rmSync(this.#path, { force: true });
    return held;
  }

  #fill(): void {
    const file = openSync(this.#path, 'w', OWNER_ONLY_FILE);
    try {
      // Random, since file systems that compress give no room to zeros.
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
