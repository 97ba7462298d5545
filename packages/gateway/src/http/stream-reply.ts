import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { contentDisposition } from './file-reply.ts';

/** Content that is generated while it is sent; range requests are not supported. */
export interface StreamSource {
  /** Suggested file name. */
  readonly name: string;
  readonly mimetype: string;
  /** In bytes. */
  readonly size: number;
  read(): AsyncIterable<Uint8Array>;
}

export class StreamReply {
  readonly source: StreamSource;

  constructor(source: StreamSource) {
    this.source = source;
  }
}

/** Sends the generated content. For `HEAD`, generates nothing. */
export function sendStream(request: FastifyRequest, reply: FastifyReply, { source }: StreamReply): FastifyReply {
  const { name, mimetype, size, read } = source;
  reply.headers({
    'cache-control': 'no-store',
    'content-type': mimetype,
    'content-disposition': contentDisposition(name),
    'x-content-type-options': 'nosniff',
    'content-length': String(size),
  });
  return reply.send(Readable.from(request.method === 'HEAD' ? [] : read(), { objectMode: false }));
}
