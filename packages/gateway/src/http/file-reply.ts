import { Readable } from 'node:stream';
import { SovdError } from '@medkit/contract';
import type { ForwardRequest } from '@medkit/core';
import type { OctetRange } from '@medkit/edges';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { matchesEtag } from './page-cache.ts';
import { rangeOf } from './range.ts';

/** A file as the reply of a handler. */
export class FileReply {
  readonly name: string;
  readonly mimetype: string;
  /** In bytes. */
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

/** Status and headers of a file response; header names in lower case. */
export interface FileHead {
  readonly status: 200 | 206 | 304 | 416;
  readonly headers: Readonly<Record<string, string>>;
  /** The range to send; the whole file unless given. */
  readonly range?: OctetRange;
}

/** Returns how to send a file: the whole file, the part that `Range` selects, or 304 if the client has it. */
export function fileHead(wanted: ForwardRequest['headers'], file: Omit<FileReply, 'read'>): FileHead {
  const etag = `"${file.tag}"`;
  const always = { etag, 'cache-control': 'no-cache', 'accept-ranges': 'bytes' };
  if (matchesEtag(textOf(wanted['if-none-match']), etag)) return { status: 304, headers: always };
  const isCurrent = [undefined, etag].includes(textOf(wanted['if-range']));
  const range = isCurrent ? rangeOf(textOf(wanted['range']), file.size) : undefined;
  if (range === 'unsatisfiable') {
    return { status: 416, headers: { ...always, 'content-range': `bytes */${file.size}` } };
  }
  const headers = {
    ...always,
    ...(range && { 'content-range': `bytes ${range.first}-${range.last}/${file.size}` }),
    'content-type': safeMediaType(file.mimetype),
    'content-disposition': contentDisposition(file.name),
    'x-content-type-options': 'nosniff',
    'content-length': String(range ? range.last - range.first + 1 : file.size),
  };
  return { status: range ? 206 : 200, headers, ...(range && { range }) };
}

/** Error for a range that begins after the end of the file. */
export function notSatisfiable({ size }: Pick<FileReply, 'size'>): SovdError {
  return new SovdError({ code: 'x-medkit-range-not-satisfiable', parameters: { size } });
}

/**
 * Sends a file. For `HEAD`, reads nothing. Throws `x-medkit-range-not-satisfiable`, which includes the size of the
 * file.
 */
export function sendFile(request: FastifyRequest, reply: FastifyReply, file: FileReply): FastifyReply {
  const { status, headers, range } = fileHead(request.headers, file);
  reply.headers(headers);
  if (status === 416) throw notSatisfiable(file);
  reply.code(status);
  if (status === 304) return reply.send();
  // An empty stream for HEAD: Fastify would set the length of any other payload, here 0.
  const octets = request.method === 'HEAD' ? [] : file.read(range);
  return reply.send(Readable.from(octets, { objectMode: false }));
}

/** Returns a header as text (RFC 9110, 13.1.5 for `If-Range`). A repeated header never matches. */
function textOf(header: ForwardRequest['headers'][string]): string | undefined {
  return header === undefined ? undefined : String(header);
}

/** The uploader chose the media type: an invalid one must not get into a header. */
function safeMediaType(mimetype: string): string {
  return /^[\w.+-]+\/[\w.+-]+(?:; ?[\w-]+=[\w.-]+)*$/.test(mimetype) ? mimetype : 'application/octet-stream';
}

/** RFC 6266: an ASCII name for every client, and the exact name for those that support it. */
export function contentDisposition(name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\]/g, '_');
  const exact =
    plain === name ? '' : `; filename*=UTF-8''${encodeURIComponent(name).replaceAll(/['()*]/g, percentEncoded)}`;
  return `attachment; filename="${plain}"${exact}`;
}

function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
