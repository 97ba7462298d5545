import { MAX_FILES } from '../artifact/manifest.ts';
import { decodeHeader, decodePax, paddingOf, TAR_BLOCK, type TarHeader } from '../artifact/tar-header.ts';
import { updateRefusal } from '../update-refusal.ts';

/** A file of an archive. Its content is skipped if it is not read before the next file is requested. */
export interface TarFile {
  readonly path: string;
  readonly content: AsyncIterable<Uint8Array>;
}

/** Maximum bytes of the extended header of one member, which are held in memory: a path and few other fields. */
const MAX_EXTENDED_BYTES = 16_384;
/** Files of an archive next to those of the manifest: the manifest, its signature and the record of a transfer. */
const OTHER_FILES = 3;

/**
 * Yields the files of a tar archive: ustar, pax or GNU. Skips folders. Throws `x-medkit-update-refused` if the archive is
 * malformed, too short, or has a member that is neither a file nor a folder. Reads to the end of the source.
 */
export async function* readTar(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarFile> {
  const bytes = new ByteReader(source);
  let extended: Extended = {};
  for (let count = 0; ; ) {
    const block = await bytes.exactly(TAR_BLOCK);
    if (block.every((byte) => byte === 0)) break;
    const header = decodeHeader(block);
    if (!header) throw malformed('it has an invalid header');
    if (EXTENSIONS.has(header.type)) {
      extended = { ...extended, ...(await readExtension(header, bytes)) };
      continue;
    }
    const { path = header.name, size = header.size } = extended;
    extended = {};
    const content = new Content(bytes, size);
    if (header.type === '0' || header.type === '7') {
      count += 1;
      if (count > MAX_FILES + OTHER_FILES) throw malformed(`it has more than ${MAX_FILES} files`);
      yield { path: path.replace(/^(?:\.\/+)+/, ''), content };
    } else if (header.type !== '5') {
      throw malformed(`${JSON.stringify(path.slice(0, 100))} is neither a file nor a folder`);
    }
    await content.skip();
    await bytes.skip(paddingOf(size));
  }
  await bytes.skip(Number.POSITIVE_INFINITY);
}

/** Path and size of the next member, if its header has no room for them. */
interface Extended {
  readonly path?: string;
  readonly size?: number;
}

/** Members that describe others: pax (`x`, and `g` for all members), long names of GNU tar (`L`). */
const EXTENSIONS = new Set(['x', 'g', 'L']);

async function readExtension({ type, size }: TarHeader, bytes: ByteReader): Promise<Extended> {
  if (size > MAX_EXTENDED_BYTES) throw malformed(`an extended header has more than ${MAX_EXTENDED_BYTES} bytes`);
  const content = await bytes.exactly(size);
  await bytes.skip(paddingOf(size));
  if (type === 'L') return { path: Buffer.from(content).toString('utf8').replace(/\0.*$/s, '') };
  if (type === 'g') return {};
  const records = decodePax(content);
  const [path, length] = [records?.get('path'), records?.get('size')];
  if (!records || (length !== undefined && !/^\d{1,15}$/.test(length))) throw malformed('a pax header is invalid');
  return { ...(path !== undefined && { path }), ...(length !== undefined && { size: Number(length) }) };
}

/** The content of a member, which can be read once. */
class Content implements AsyncIterable<Uint8Array> {
  readonly #bytes: ByteReader;
  #left: number;

  constructor(bytes: ByteReader, size: number) {
    this.#bytes = bytes;
    this.#left = size;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    while (this.#left > 0) {
      const part = await this.#bytes.some(this.#left);
      if (part.length === 0) throw malformed('it ends too early');
      this.#left -= part.length;
      yield part;
    }
  }

  async skip(): Promise<void> {
    for await (const _ of this);
  }
}

/** Reads a stream in pieces of given sizes. */
class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Returns at most this many bytes; none at the end of the stream. */
  async some(most: number): Promise<Uint8Array> {
    while (this.#rest.length === 0) {
      const next = await this.#source.next();
      if (next.done) return new Uint8Array();
      this.#rest = next.value;
    }
    const part = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(part.length);
    return part;
  }

  async exactly(length: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for (let left = length; left > 0; ) {
      const part = await this.some(left);
      if (part.length === 0) throw malformed('it ends too early');
      parts.push(part);
      left -= part.length;
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }

  /** Skips bytes, at most to the end of the stream. */
  async skip(length: number): Promise<void> {
    for (let left = length; left > 0; ) {
      const { length: read } = await this.some(left);
      if (read === 0) return;
      left -= read;
    }
  }
}

function malformed(reason: string) {
  return updateRefusal('artifact', `The transferred artifact is not a usable tar archive: ${reason}`);
}
