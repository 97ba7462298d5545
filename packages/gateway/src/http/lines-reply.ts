import { Readable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { acceptsCoding, addVary } from './content-coding.ts';
import { contentDisposition } from './file-reply.ts';

/** How clients store lines: JSON lines have no name unless given. */
export interface LinesFile {
  readonly name: string;
  readonly mimetype: string;
}

/** JSON lines, or lines of another format, that are sent as they become available. */
export class LinesReply {
  /** Returns blocks of whole lines, each with its line break. Ends early if the signal aborts. */
  readonly read: (signal: AbortSignal) => AsyncIterable<string>;
  /** Called once when the reply has ended, also if nothing was read. */
  readonly onEnd: () => void;
  readonly file: LinesFile | undefined;

  constructor(read: LinesReply['read'], onEnd: () => void, file?: LinesFile) {
    this.read = read;
    this.onEnd = onEnd;
    this.file = file;
  }
}

/** Sends the lines, each block immediately. Compresses them if the client accepts gzip. For `HEAD`, reads nothing. */
export function sendLines(
  request: FastifyRequest,
  reply: FastifyReply,
  { read, onEnd, file }: LinesReply,
): FastifyReply {
  const isCompressed = acceptsCoding(request, 'gzip');
  reply.headers({
    'cache-control': 'no-store',
    'content-type': file?.mimetype ?? 'application/x-ndjson',
    ...(file && { 'content-disposition': contentDisposition(file.name) }),
    'x-content-type-options': 'nosniff',
    vary: addVary(reply.getHeader('vary')),
    ...(isCompressed && { 'content-encoding': 'gzip' }),
  });
  const ended = new AbortController();
  const end = (): void => {
    ended.abort();
    onEnd();
  };
  if (reply.raw.destroyed) end();
  else reply.raw.once('close', end);
  const source = Readable.from(request.method === 'HEAD' ? [] : read(ended.signal), { objectMode: false });
  if (!isCompressed) return reply.send(source);
  // Without a flush after each block, a short record would wait in the compressor for the next ones.
  const gzip = createGzip({ flush: constants.Z_SYNC_FLUSH });
  source.once('error', (error) => gzip.destroy(error));
  gzip.once('close', () => source.destroy());
  return reply.send(source.pipe(gzip));
}
