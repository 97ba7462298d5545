import type { FileStates, Files } from '../files.ts';
import { memoryFiles } from './files.ts';

/** A file system in memory that is written to while others watch it. */
export class ChangingFiles implements Files, FileStates {
  readonly #texts = new Map<string, string>();
  readonly #links = new Map<string, string>();
  readonly #modifiedMs = new Map<string, number>();
  #writes = 0;
  /** While it is set, everything that is asked fails with it. */
  failure: Error | undefined;

  constructor(texts: Readonly<Record<string, string>> = {}) {
    for (const [path, text] of Object.entries(texts)) this.write(path, text);
  }

  write(path: string, text: string): void {
    this.#texts.set(path, text);
    this.#modifiedMs.set(path, ++this.#writes);
  }

  remove(path: string): void {
    this.#texts.delete(path);
    this.#links.delete(path);
  }

  /** Makes `path` lead to another file. */
  link(path: string, target: string): void {
    this.#links.set(path, target);
  }

  async readText(path: string) {
    if (this.failure) throw this.failure;
    return this.#texts.get(this.#links.get(path) ?? path);
  }

  list(path: string): ReturnType<Files['list']> {
    const files = [...this.#texts.keys(), ...this.#links.keys()].map((file) => [file, ''] as const);
    return memoryFiles(Object.fromEntries(files)).list(path);
  }

  async stateOf(path: string) {
    if (this.failure) throw this.failure;
    const real = this.#links.get(path) ?? path;
    const text = this.#texts.get(real);
    const modifiedMs = this.#modifiedMs.get(real) ?? 0;
    if (text !== undefined) return { path: real, isFile: true, bytes: Buffer.byteLength(text), modifiedMs };
    const isFolder = (await this.list(real)).length > 0;
    return isFolder ? { path: real, isFile: false, bytes: 0, modifiedMs: 0 } : undefined;
  }
}
