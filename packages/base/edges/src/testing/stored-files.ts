import { type ExactFiles, type Files, NotExact } from '../files.ts';
import type { OctetRange, StoredFiles } from '../stored-files.ts';
import { memoryFiles } from './files.ts';

/** A file system in memory for what is stored. While `failure` is set, whatever is written fails with it. */
export class MemoryStoredFiles implements StoredFiles, Files, ExactFiles {
  readonly contents = new Map<string, Uint8Array>();
  /** Where links lead, by their paths. */
  readonly links = new Map<string, string>();
  failure: Error | undefined;

  async write(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    if (this.contents.has(path)) throw new Error(`EEXIST: file exists, ${path}`);
    const parts: Uint8Array[] = [];
    for await (const chunk of chunks) parts.push(chunk);
    if (this.failure) throw this.failure;
    this.contents.set(path, Buffer.concat(parts));
  }

  async *read(path: string, range?: OctetRange): AsyncIterable<Uint8Array> {
    const content = this.contents.get(path);
    if (!content) throw new Error(`ENOENT: no such file, ${path}`);
    yield range ? content.subarray(range.first, range.last + 1) : content;
  }

  async stat(path: string): ReturnType<StoredFiles['stat']> {
    const content = this.contents.get(path);
    if (content) return { isFolder: false, octets: content.length, modifiedMs: 0 };
    return this.#below(path).length > 0 ? { isFolder: true, octets: 0, modifiedMs: 0 } : undefined;
  }

  async move(from: string, to: string): Promise<void> {
    if (this.failure) throw this.failure;
    for (const [path, content] of this.#below(from)) {
      this.contents.delete(path);
      this.contents.set(to + path.slice(from.length), content);
    }
  }

  async remove(path: string): Promise<void> {
    for (const [found] of this.#below(path)) this.contents.delete(found);
  }

  async readText(path: string): Promise<string | undefined> {
    const content = this.contents.get(path);
    return content && new TextDecoder().decode(content);
  }

  async readExact(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
    const place = await this.canonical(path);
    const content = place === undefined ? undefined : this.contents.get(place);
    if (content === undefined) return undefined;
    if (place !== path) throw new NotExact(`${path} leads to ${place}`);
    if (content.length > maxBytes) throw new NotExact(`${path} has ${content.length} octets, more than ${maxBytes}`);
    return content;
  }

  async canonical(path: string): Promise<string | undefined> {
    const link = [...this.links].find(([from]) => path === from || path.startsWith(`${from}/`));
    const place = link ? link[1] + path.slice(link[0].length) : path;
    return this.#below(place).length > 0 ? place : undefined;
  }

  list(path: string): ReturnType<Files['list']> {
    return memoryFiles(Object.fromEntries([...this.contents.keys()].map((file) => [file, '']))).list(path);
  }

  #below(path: string): [string, Uint8Array][] {
    return [...this.contents].filter(([found]) => found === path || found.startsWith(`${path}/`));
  }
}
