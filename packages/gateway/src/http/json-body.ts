import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { SovdError } from '@medkit/contract';
import { type JsonValue, NumberOutOfRange, ownerOf, parseJsonInput } from '@medkit/core';
import { type Clock, Quota, taskQueue } from '@medkit/edges';
import type { FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../config/index.ts';
import { addressPrefix } from '../limits/address-prefix.ts';
import { MAX_PARTS, partsOf } from './json-parts.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body contains a robot message, which may be larger than other bodies. */
    readonly carriesMessage?: boolean;
  }
}

/** A client that takes longer to send a body only occupies a connection, and the memory of the part received. */
const TIMEOUT_MS = 30_000;
/**
 * Maximum bytes of incomplete bodies of all clients together; one client may use half of what the others leave free.
 */
const MAX_HELD = 67_108_864;
/** Bodies of public routes, which anyone may send: passwords, codes and tokens have some thousand characters. */
const MAX_PUBLIC_BYTES = 65_536;
/** Larger bodies are parsed one at a time, and other requests are served in between. */
const LARGE_BYTES = 262_144;
/** Bytes of heap that a part of a JSON document takes. */
const PART_BYTES = 56;

/** Bytes of a refused body that are read and discarded: a client that is still sending would not get the reply. */
const MAX_DISCARDED_BYTES = 33_554_432;
const DISCARD_MS = 2000;

/** Quota for bodies that are held until they are complete, by client. */
export const heldBodies = (): Quota => new Quota(MAX_HELD);

/** Returns the parser of JSON bodies. Its errors are meant for the client. */
export function jsonBodies(
  clock: Clock,
  config: Pick<GatewayConfig['server'], 'max_body_bytes' | 'max_json_bytes'>,
  held = heldBodies(),
): (request: FastifyRequest, body: Readable) => Promise<JsonValue> {
  const maxMessageBytes = config.max_body_bytes;
  const maxBytes = Math.min(maxMessageBytes, config.max_json_bytes);
  const scheduleWork = taskQueue();
  /** Returns whether a client holds more than its share. */
  const isOverfull = (owner: string | undefined): boolean => {
    const isWithin = held.total <= held.capacity && (owner === undefined || held.heldBy(owner) <= held.shareOf(owner));
    if (!isWithin) held.refuse();
    return !isWithin;
  };

  /** Reads a body of at most `limit` bytes. */
  function octets(body: Readable, limit: number, owner: string | undefined): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let length = 0;
      const patience = clock.after(TIMEOUT_MS, () => end(tooSlow()));
      function end(error?: Error): void {
        patience.cancel();
        body.off('data', take).off('end', end).off('error', broken).off('close', broken);
        held.release(owner, length);
        if (error) reject(error);
        else resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length));
      }
      function take(chunk: Buffer): void {
        length += chunk.length;
        held.add(owner, chunk.length);
        chunks.push(chunk);
        if (length > limit) end(tooLarge(limit));
        else if (isOverfull(owner)) end(tooMuchAtOnce());
      }
      const broken = () => end(brokenOff());
      body.on('data', take).once('end', end).once('error', broken).once('close', broken);
    });
  }

  /** Reads the rest of a refused body and discards it. Ends with the body, or after a limit of time or bytes. */
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

  /** Parses a large body once no other is being parsed; counts its estimated memory until then. */
  async function parseLarge(bytes: Buffer, owner: string | undefined): Promise<JsonValue> {
    const parts = partsOf(bytes);
    if (parts > MAX_PARTS) throw tooManyParts();
    const weight = bytes.length + parts * PART_BYTES;
    held.add(owner, weight);
    if (isOverfull(owner)) {
      held.release(owner, weight);
      throw tooMuchAtOnce();
    }
    return scheduleWork(async () => {
      try {
        await setImmediate();
        return parsed(bytes);
      } finally {
        held.release(owner, weight);
      }
    });
  }

  return async ({ headers, principal, ip, routeOptions: { config } }, body) => {
    const owner = ownerOf({ principal, source: addressPrefix(ip) });
    const usual = config.carriesMessage ? maxMessageBytes : maxBytes;
    const limit = config.permission === 'public' ? Math.min(usual, MAX_PUBLIC_BYTES) : usual;
    const isAnnounced = Number(headers['content-length']) > limit;
    const whole = isAnnounced ? Promise.reject(tooLarge(limit)) : octets(body, limit, owner);
    const bytes = await whole.catch(async (error: unknown) => {
      if (error instanceof SovdError && error.status === 413) await discard(body);
      throw error;
    });
    return bytes.length > LARGE_BYTES ? parseLarge(bytes, owner) : parsed(bytes);
  };
}

function parsed(bytes: Buffer): JsonValue {
  const text = bytes.toString();
  try {
    return text === '' ? {} : parseJsonInput(text);
  } catch (error) {
    const message =
      error instanceof NumberOutOfRange
        ? `The request body cannot be read: ${error.message}`
        : 'Malformed JSON: the request body is not a JSON document';
    throw new SovdError({ code: 'invalid-request', message });
  }
}

function tooManyParts(): SovdError {
  const message = `The request body has more than ${MAX_PARTS} lists, objects and members`;
  return new SovdError({ code: 'payload-too-large', message, parameters: { limit: MAX_PARTS } });
}

function tooLarge(limit: number): SovdError {
  return new SovdError({ code: 'payload-too-large', parameters: { limit } });
}

function tooSlow(): SovdError {
  return new SovdError({ code: 'invalid-request', status: 408, message: 'The request body did not arrive in time' });
}

function tooMuchAtOnce(): SovdError {
  const message = 'Too many large requests are in progress: try again in a few seconds';
  return new SovdError({ code: 'service-unavailable', message });
}

/** The client disconnected: no client reads this error. */
function brokenOff(): SovdError {
  return new SovdError({ code: 'invalid-request', message: 'The request body was aborted' });
}
