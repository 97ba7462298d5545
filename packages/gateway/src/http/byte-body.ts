import { SovdError } from '@medkit/contract';
import { errorMessage } from '@medkit/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Lets a route accept bodies of any type, which its handler reads as bytes. */
export function acceptBytes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _body, done) => done(null));
}

/** Yields the bytes of a body. Throws `invalid-request` if the client disconnects. */
export async function* bodyBytes({ raw }: Pick<FastifyRequest, 'raw'>): AsyncGenerator<Uint8Array> {
  // If the client has already disconnected, the stream would wait for ever.
  if (raw.destroyed && !raw.readableEnded) throw brokenOff(new Error('the client disconnected'));
  try {
    // An error of the handler must not close the connection before the reply.
    yield* raw.iterator({ destroyOnReturn: false });
  } catch (error) {
    throw brokenOff(error);
  }
}

function brokenOff(error: unknown): SovdError {
  const message = `The body cannot be read to its end: ${errorMessage(error)}`;
  return new SovdError({ code: 'invalid-request', status: 408, message });
}
