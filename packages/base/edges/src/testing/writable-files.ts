import type { WritableFiles } from '../stored-files.ts';

/** A file system in memory. While `failure` is set, whatever is written fails with it. */
export class MemoryWritableFiles implements WritableFiles {
  readonly #contents = new Map<string, Uint8Array>();
  failure: Error | undefined;

  /** What is in a file; nothing where there is none. */
  read(path: string): Uint8Array {
    return this.#contents.get(path) ?? new Uint8Array(0);
  }

  async create(path: string, bytes: Uint8Array): Promise<void> {
    if (this.failure) throw this.failure;
    const before = this.#contents.get(path);
    if (before) this.#contents.set(`${path}.old`, before);
    this.#contents.set(path, bytes.slice());
  }

  async append(path: string, bytes: Uint8Array): Promise<void> {
    if (this.failure) throw this.failure;
    const before = this.#contents.get(path);
    if (!before) throw new Error(`ENOENT: no such file, ${path}`);
    const whole = new Uint8Array(before.length + bytes.length);
    whole.set(before);
    whole.set(bytes, before.length);
    this.#contents.set(path, whole);
  }
}
