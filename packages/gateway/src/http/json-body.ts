import type { Readable } from 'node:stream';
import { SovdError } from '@medkit/contract';
import { type JsonValue, parseJson } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../config/index.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Its body holds a message of the robot, which may be larger than other bodies. */
    readonly carriesMessage?: boolean;
  }
}

/** A client that takes longer to send a body that is held in memory meanwhile holds a connection for nothing. */
const TIMEOUT_MS = 30_000;
/** Octets of bodies of all clients together that are held until they are complete. */
const MAX_HELD_BYTES = 67_108_864;

/** Bytes of a refused body that are read and discarded: a client that is still sending would not get the answer. */
const MAX_DISCARDED_BYTES = 33_554_432;
const DISCARD_MS = 2000;

/** Reads the JSON of requests. What it throws is for the client. */
export function jsonBodies(
  clock: Clock,
  config: Pick<GatewayConfig['server'], 'max_body_bytes' | 'max_json_bytes'>,
): (request: FastifyRequest, body: Readable) => Promise<JsonValue> {
  const maxMessageBytes = config.max_body_bytes;
  const maxBytes = Math.min(maxMessageBytes, config.max_json_bytes);
  let heldBytes = 0;

  /** The octets of a body of at most `limit` octets. */
  function octets(body: Readable, limit: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let length = 0;
      const patience = clock.after(TIMEOUT_MS, () => end(tooSlow()));
      function end(error?: Error): void {
        patience.cancel();
        body.off('data', take).off('end', end).off('error', broken).off('close', broken);
        heldBytes -= length;
        if (error) reject(error);
        else resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length));
      }
      function take(chunk: Buffer): void {
        length += chunk.length;
        heldBytes += chunk.length;
        chunks.push(chunk);
        if (length > limit) end(tooLarge(limit));
        else if (heldBytes > MAX_HELD_BYTES) end(tooMuchAtOnce());
      }
      const broken = () => end(brokenOff());
      body.on('data', take).once('end', end).once('error', broken).once('close', broken);
    });
  }

  /** Reads the rest of a body that is refused, and keeps nothing of it. Ends with the body, or after some time or bytes. */
  function discard(body: Readable): Promise<void> {
    return new Promise((resolve) => {
      if (body.readableEnded || body.destroyed) return resolve();
      let length = 0;
      const patience = clock.after(DISCARD_MS, end);
      function end(): void {
        patience.cancel();
        body.off('data', count).off('end', end).off('error', end).off('close', end);
        resolve();
      }
      function count(chunk: Buffer): void {
        length += chunk.length;
        if (length > MAX_DISCARDED_BYTES) end();
      }
      body.on('data', count).once('end', end).once('error', end).once('close', end);
    });
  }

  return async ({ headers, routeOptions }, body) => {
    const limit = routeOptions.config.carriesMessage ? maxMessageBytes : maxBytes;
    const isAnnounced = Number(headers['content-length']) > limit;
    const whole = isAnnounced ? Promise.reject(tooLarge(limit)) : octets(body, limit);
    const read = await whole.catch(async (error: unknown) => {
      if (error instanceof SovdError && error.status === 413) await discard(body);
      throw error;
    });
    const text = read.toString();
    try {
      return text === '' ? {} : parseJson(text);
    } catch {
      throw new SovdError({
        code: 'invalid-request',
        message: 'Malformed JSON: the request body is not a JSON document',
      });
    }
  };
}

function tooLarge(limit: number): SovdError {
  return new SovdError({ code: 'payload-too-large', parameters: { limit } });
}

function tooSlow(): SovdError {
  return new SovdError({ code: 'invalid-request', status: 408, message: 'The request body did not arrive in time' });
}

function tooMuchAtOnce(): SovdError {
  const message = 'Too many large requests are under way: try again in a moment';
  return new SovdError({ code: 'service-unavailable', message });
}

/** Nobody is there any more to read it. */
function brokenOff(): SovdError {
  return new SovdError({ code: 'invalid-request', message: 'The request body broke off' });
}
