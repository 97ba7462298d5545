import { API_BASE } from '@medkit/contract';
import { parseJson } from '@medkit/core';
import type { FastifyInstance } from 'fastify';

/**
 * Reads resources of the gateway over the routes of its clients, so that results are merged and corrected as for a
 * client. Returns `undefined` for any status other than 200.
 */
export type InternalRequest = <Body>(path: string) => Promise<Body | undefined>;

/** A file that is available. */
export interface InternalFile {
  /** In bytes. */
  readonly size: number;
  /** Throws if the number of bytes differs. */
  read(): AsyncIterable<Uint8Array>;
}

/** Returns a file of a route without reading it; `undefined` if it is not available. */
export type InternalDownload = (path: string) => Promise<InternalFile | undefined>;

type Server = Pick<FastifyInstance, 'inject'>;

/** @param authorization of a principal that may read everything */
export function internalRequests(server: Server, authorization: string): InternalRequest {
  return async <Body>(path: string) => {
    const reply = await server.inject({ method: 'GET', ...requestTo(path, authorization) });
    return reply.statusCode === 200 ? (parseJson(reply.payload) as Body) : undefined;
  };
}

/** @param authorization of a principal that may read everything */
export function internalDownloads(server: Server, authorization: string): InternalDownload {
  return async (path) => {
    const head = await server.inject({ method: 'HEAD', ...requestTo(path, authorization) });
    const size = Number(head.headers['content-length']);
    if (head.statusCode !== 200 || !Number.isSafeInteger(size)) return undefined;
    return { size, read: () => octetsOf(server, requestTo(path, authorization), size) };
  };
}

async function* octetsOf(
  server: Server,
  request: ReturnType<typeof requestTo>,
  size: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reply = await server.inject({ method: 'GET', ...request, payloadAsStream: true });
  let left = size;
  for await (const chunk of reply.stream()) {
    left -= (chunk as Uint8Array).length;
    if (left < 0) break;
    yield chunk as Uint8Array;
  }
  if (left !== 0) throw new Error(`${request.url} changed its size during the download`);
}

function requestTo(path: string, authorization: string) {
  return { url: `${API_BASE}${path}`, headers: { authorization, host: 'localhost' } };
}
