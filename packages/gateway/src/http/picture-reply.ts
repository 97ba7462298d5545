import { DATA_PICTURE } from '@medkit/contract';
import type { DataPicture } from '@medkit/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { matchesEtag } from './page-cache.ts';

const { timestamp, width, height, encoding } = DATA_PICTURE.headers;

/** Media types of pictures. SVG is not one of them: a browser would run its scripts. */
const PICTURE_TYPES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/webp']);

/** A picture as the reply of a handler. */
export class PictureReply {
  readonly picture: DataPicture;

  constructor(picture: DataPicture) {
    this.picture = picture;
  }
}

/** Sends a picture; 304 if the client has the picture of the same image. */
export function sendPicture(request: FastifyRequest, reply: FastifyReply, { picture }: PictureReply): FastifyReply {
  const { mediaType, bytes, timestampNs } = picture;
  // The length distinguishes pictures of one image with different widths.
  const etag = `"${timestampNs.toString(36)}-${bytes.byteLength.toString(36)}"`;
  reply.headers({
    etag,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    [timestamp]: String(timestampNs),
    [width]: String(picture.width),
    [height]: String(picture.height),
    [encoding]: picture.encoding,
  });
  if (matchesEtag(request.headers['if-none-match'], etag)) return reply.code(304).send();
  const type = PICTURE_TYPES.has(mediaType) ? mediaType : 'application/octet-stream';
  return reply.type(type).send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}
