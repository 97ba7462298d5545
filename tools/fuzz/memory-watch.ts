import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { InvariantViolated } from './stage.ts';

const MIB = 1024 * 1024;

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

const mebibytes = (bytes: number): string => `${(bytes / MIB).toFixed(1)} MiB`;

/** Checks that the memory left after garbage collection stays below a limit. */
export class MemoryWatch {
  readonly #collect = garbageCollector();
  readonly #limitBytes: number;
  readonly #startBytes: number;
  readonly #samples: number[] = [];

  /** `limitBytes` is the allowed growth over the current memory. */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
    this.#startBytes = this.#now();
  }

  /** Throws `InvariantViolated` if memory exceeds the limit. */
  sample(): string {
    const bytes = this.#now();
    this.#samples.push(bytes);
    if (bytes - this.#startBytes > this.#limitBytes) {
      const [from, to, limit] = [this.#startBytes, bytes, this.#limitBytes].map(mebibytes);
      throw new InvariantViolated(`memory grew from ${from} to ${to}; the bounds of all tables together are ${limit}`);
    }
    return mebibytes(bytes);
  }

  /**
   * Returns start, peak and end, and the level of the second and the last quarter: a leak shows as a slope between
   * them.
   */
  figures(): string {
    const samples = this.#samples;
    const quarter = Math.max(1, Math.floor(samples.length / 4));
    const level = (from: number) => {
      const part = samples.slice(from, from + quarter).sort((a, b) => a - b);
      return mebibytes(part[part.length >> 1] ?? 0);
    };
    return (
      `memory after collection: start ${mebibytes(this.#startBytes)}, peak ${mebibytes(Math.max(...samples))}, ` +
      `second quarter ${level(quarter)}, last quarter ${level(samples.length - quarter)}, end ${mebibytes(this.#now())}`
    );
  }

  #now(): number {
    this.#collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  }
}
