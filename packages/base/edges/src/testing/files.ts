import { type Files, NotExact, type OctetRange, type WritableFiles } from '../files.ts';

/** A file system in memory, filled with texts by absolute path. Folders exist only as parents of files. */
export class MemoryFiles implements Files, WritableFiles {
  readonly contents = new Map<string, Uint8Array>();
  /** Targets of links by their paths. */
  readonly links = new Map<string, string>();
  /** Permissions of files that differ from owner-only. */
  readonly modes = new Map<string, number>();
  readonly #modifiedMs = new Map<string, number>();
  #puts = 0;
  /** If set, every write fails with it. */
  failure: Error | undefined;
  /** If set, every read fails with it. */
  readFailure: Error | undefined;

  constructor(texts: Readonly<Record<string, string>> = {}) {
    for (const [path, text] of Object.entries(texts)) this.put(path, text);
  }

  /** Creates or overwrites a file with a later modification time than all earlier ones. */
  put(path: string, text: string): void {
    this.contents.set(path, Buffer.from(text));
    this.#modifiedMs.set(path, ++this.#puts);
  }

  /** Returns the content of a file; empty if it does not exist. */
  octetsOf(path: string): Uint8Array {
    return this.contents.get(path) ?? new Uint8Array(0);
  }

  async readText(path: string): Promise<string | undefined> {
    const content = this.#contentAt(path);
    return content && new TextDecoder().decode(content);
  }

  async *read(path: string, range?: OctetRange): AsyncIterable<Uint8Array> {
    const content = this.#contentAt(path);
    if (!content) throw missing(path);
    yield range ? content.subarray(range.first, range.last + 1) : content;
  }

  async list(path: string): ReturnType<Files['list']> {
    const prefix = path.endsWith('/') ? path : `${path}/`;
    const names = new Map<string, boolean>();
    for (const file of [...this.contents.keys(), ...this.links.keys()]) {
      if (!file.startsWith(prefix)) continue;
      const [name = '', ...rest] = file.slice(prefix.length).split('/');
      names.set(name, rest.length > 0);
    }
    return [...names].map(([name, isDirectory]) => ({ name, isDirectory })).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async stateOf(path: string): ReturnType<Files['stateOf']> {
    const content = this.#contentAt(path);
    const place = this.#placeOf(path);
    if (!content && this.#below(place).length === 0) return undefined;
    const isFile = content !== undefined;
    const modifiedMs = this.#modifiedMs.get(place) ?? 0;
    return {
      path: place,
      isFile,
      isFolder: !isFile,
      bytes: content?.length ?? 0,
      modifiedMs,
      mode: this.modes.get(place) ?? 0o600,
    };
  }

  async canonical(path: string): Promise<string | undefined> {
    const place = this.#placeOf(path);
    return this.#below(place).length > 0 ? place : undefined;
  }

  async readLink(path: string): Promise<string | undefined> {
    return this.links.get(path);
  }

  async readExact(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
    const content = this.#contentAt(path);
    if (content === undefined) return undefined;
    const place = this.#placeOf(path);
    if (place !== path) throw new NotExact(`${path} resolves to ${place}`);
    if (content.length > maxBytes) throw new NotExact(`${path} has ${content.length} bytes, more than ${maxBytes}`);
    return content;
  }

  async *readContent(path: string): AsyncIterable<Uint8Array> {
    const content = await this.readExact(path, Number.POSITIVE_INFINITY);
    if (content === undefined) throw new NotExact(`${path} does not exist`);
    yield content;
  }

  async filesBelow(path: string): ReturnType<Files['filesBelow']> {
    return this.#below(path).map(([found]) => ({ path: found.slice(path.length + 1), mode: 0o600 }));
  }

  async freeBytes(): Promise<number> {
    return Number.POSITIVE_INFINITY;
  }

  async create(path: string, bytes: Uint8Array): Promise<void> {
    this.#assertWritable();
    const before = this.contents.get(path);
    if (before) this.contents.set(`${path}.old`, before);
    this.contents.set(path, bytes.slice());
  }

  async append(path: string, bytes: Uint8Array): Promise<void> {
    this.#assertWritable();
    const before = this.contents.get(path);
    if (!before) throw missing(path);
    this.contents.set(path, Buffer.concat([before, bytes]));
  }

  async write(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    if (this.contents.has(path)) throw new Error(`EEXIST: file exists, ${path}`);
    const parts: Uint8Array[] = [];
    for await (const chunk of chunks) parts.push(chunk);
    this.#assertWritable();
    this.contents.set(path, Buffer.concat(parts));
  }

  writeContent(path: string, _mode: number, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    return this.write(path, chunks);
  }

  async replaceText(path: string, text: string): Promise<void> {
    this.#assertWritable();
    this.put(path, text);
  }

  async makeFolder(): Promise<void> {
    this.#assertWritable();
  }

  async syncFolder(): Promise<void> {
    this.#assertWritable();
  }

  async move(from: string, to: string): Promise<void> {
    this.#assertWritable();
    for (const [path, content] of this.#below(from)) {
      this.contents.delete(path);
      this.contents.set(to + path.slice(from.length), content);
    }
  }

  async remove(path: string): Promise<void> {
    this.links.delete(path);
    for (const [found] of this.#below(path)) this.contents.delete(found);
  }

  async pointLink(path: string, target: string | undefined): Promise<void> {
    this.#assertWritable();
    if (target === undefined) this.links.delete(path);
    else this.links.set(path, target);
  }

  #contentAt(path: string): Uint8Array | undefined {
    if (this.readFailure) throw this.readFailure;
    return this.contents.get(this.#placeOf(path));
  }

  /** Returns the path with its link resolved. */
  #placeOf(path: string): string {
    const link = [...this.links].find(([from]) => path === from || path.startsWith(`${from}/`));
    return link ? link[1] + path.slice(link[0].length) : path;
  }

  #below(path: string): [string, Uint8Array][] {
    return [...this.contents].filter(([found]) => found === path || found.startsWith(`${path}/`));
  }

  #assertWritable(): void {
    if (this.failure) throw this.failure;
  }
}

function missing(path: string): Error {
  return new Error(`ENOENT: no such file, ${path}`);
}
