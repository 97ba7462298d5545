import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { contentDisposition } from './file-reply.ts';

/** Octets that are made while they are sent, as the reply of a handler: nobody can ask for a part of them. */
export interface StreamSource {
  /** As it is to be called where it is kept. */
  readonly name: string;
  readonly mimetype: string;
  /** Octets. */
  readonly size: number;
  read(): AsyncIterable<Uint8Array>;
}

export class StreamReply {
  readonly source: StreamSource;

  constructor(source: StreamSource) {
    this.source = source;
  }
}

/** Sends what is made of it. `HEAD` makes nothing. */
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
