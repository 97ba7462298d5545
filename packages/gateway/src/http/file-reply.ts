import { Readable } from 'node:stream';
import { SovdError } from '@medkit/contract';
import type { OctetRange } from '@medkit/edges';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { matchesEtag } from './page-cache.ts';
import { rangeOf } from './range.ts';

/** A file as the reply of a handler. */
export class FileReply {
  readonly name: string;
  readonly mimetype: string;
  /** Octets. */
  readonly size: number;
  /** Changes whenever the content does; without quotes. */
  readonly tag: string;
  readonly read: (range?: OctetRange) => AsyncIterable<Uint8Array>;

  constructor(file: Pick<FileReply, 'name' | 'mimetype' | 'size' | 'tag' | 'read'>) {
    this.name = file.name;
    this.mimetype = file.mimetype;
    this.size = file.size;
    this.tag = file.tag;
    this.read = file.read;
  }
}

/**
 * Sends a file, or the part that `Range` asks for; nothing where the client has it already. `HEAD` reads nothing. Throws
 * `x-medkit-range-not-satisfiable`, which says how long the file is.
 */
export function sendFile(request: FastifyRequest, reply: FastifyReply, file: FileReply): FastifyReply {
  const etag = `"${file.tag}"`;
  reply.header('ETag', etag).header('Cache-Control', 'no-cache').header('Accept-Ranges', 'bytes');
  if (matchesEtag(request.headers['if-none-match'], etag)) return reply.code(304).send();
  const range = isCurrent(request.headers['if-range'], etag) ? rangeOf(request.headers.range, file.size) : undefined;
  if (range === 'unsatisfiable') {
    reply.header('Content-Range', `bytes */${file.size}`);
    throw new SovdError({ code: 'x-medkit-range-not-satisfiable', parameters: { size: file.size } });
  }
  if (range) reply.code(206).header('Content-Range', `bytes ${range.first}-${range.last}/${file.size}`);
  reply
    .header('Content-Type', safeMediaType(file.mimetype))
    .header('Content-Disposition', contentDisposition(file.name))
    .header('X-Content-Type-Options', 'nosniff')
    .header('Content-Length', range ? range.last - range.first + 1 : file.size);
  // For HEAD an empty stream, since Fastify would measure anything else and say that the file is empty.
  const octets = request.method === 'HEAD' ? [] : file.read(range);
  return reply.send(Readable.from(octets, { objectMode: false }));
}

/** Without `If-Range`, or where it names the content that is there now (RFC 9110, 13.1.5). */
function isCurrent(header: string | string[] | undefined, etag: string): boolean {
  return header === undefined || header === etag;
}

/** Whoever uploaded the file chose its type: what is no media type must not reach a header. */
function safeMediaType(mimetype: string): string {
  return /^[\w.+-]+\/[\w.+-]+(?:; ?[\w-]+=[\w.-]+)*$/.test(mimetype) ? mimetype : 'application/octet-stream';
}

/** RFC 6266: a plain name for every client, the exact one for those that read it. */
function contentDisposition(name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\]/g, '_');
  const exact =
    plain === name ? '' : `; filename*=UTF-8''${encodeURIComponent(name).replaceAll(/['()*]/g, percentEncoded)}`;
  return `attachment; filename="${plain}"${exact}`;
}

function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
