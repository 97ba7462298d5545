import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type Route, SovdError } from '@medkit/contract';
import { errorMessage, type Log, ownerOf, stringifyJson } from '@medkit/core';
import { parseJson } from '@medkit/core/json';
import type { Clock } from '@medkit/edges';
import type { Row, Store } from '@medkit/store';
import type { GatewayDatabase } from '../database/lazy-store.ts';
import { stored } from '../database/store-errors.ts';
import { Answer, resultBody } from '../http/answer.ts';
import { type Exchange, UNCHANGED_NOTE } from '../http/exchange.ts';
import { addressPrefix } from '../limits/address-prefix.ts';
import { onBehalfOf } from '../security/delegation.ts';

/** Maximum stored requests. Beyond it, the client with the most loses its oldest. */
export const MAX_REQUESTS = 10_000;
/** Time for which a reply is stored. */
const RETENTION_MS = 24 * 60 * 60 * 1000;
/** Maximum length of a stored reply, characters. */
const MAX_REPLY_CHARS = 65_536;
const KEY = /^[\x21-\x7e]{1,64}$/;
/** Statuses of failures after which a change may have taken effect: the same key must not run it again. */
const MAY_HAVE_RUN: readonly number[] = [500, 502, 504];

export interface IdempotencyOptions {
  readonly database: Pick<GatewayDatabase, 'store'>;
  readonly clock: Clock;
  readonly log: Log;
}

interface KeyedRequest {
  readonly route: Pick<Route, 'body' | 'method'>;
  readonly exchange: Exchange;
  readonly key: string;
}

/** Requests with an `Idempotency-Key`. */
export interface RepeatedRequests {
  /**
   * Runs a request, or returns the stored reply of the same one. Throws `SovdError`: `x-medkit-key-reused` for another
   * request with the key, `x-medkit-outcome-unknown` if the gateway ended while it ran.
   */
  run(request: KeyedRequest, work: () => unknown): Promise<unknown>;
}

/** The reply of a request, as it is stored. */
interface StoredReply {
  readonly status: number | undefined;
  readonly headers: Answer<unknown>['headers'];
  readonly body: unknown;
}

export function repeatedRequests({ database, clock, log }: IdempotencyOptions): RepeatedRequests {
  /** Requests that run now, by owner and key. */
  const running = new Map<string, { readonly digest: Buffer; readonly result: Promise<unknown> }>();

  const first = async (store: Store, owner: string, key: string, digest: Buffer, work: () => unknown) => {
    await stored(() => store.write([begin(owner, key, digest, clock.wallMs()), ...retention(clock.wallMs())]));
    const keep = async (reply: StoredReply | undefined): Promise<void> => {
      try {
        await store.write([end(owner, key, reply)]);
      } catch (error) {
        log('error', `the reply to a request with an Idempotency-Key is not stored: ${errorMessage(error)}`);
      }
    };
    const forget = async (): Promise<void> => {
      try {
        await store.write([{ sql: REMOVE, parameters: [owner, key] }]);
      } catch (error) {
        log('error', `a refused request with an Idempotency-Key cannot be repeated: ${errorMessage(error)}`);
      }
    };
    try {
      const result = await work();
      await keep(replyOf(result));
      return result;
    } catch (error) {
      const status = error instanceof SovdError ? error.status : 500;
      if (MAY_HAVE_RUN.includes(status)) await keep(failureOf(error));
      else await forget();
      throw error;
    }
  };

  return {
    run: async ({ route, exchange, key }, work) => {
      if (!KEY.test(key)) throw invalid('Idempotency-Key must have 1 to 64 visible ASCII characters');
      if (route.body?.media) throw invalid('Idempotency-Key is not accepted for uploads: remove the header');
      const owner = clientOf(exchange);
      const digest = digestOf(route, exchange);
      const name = `${owner}\n${key}`;
      const other = running.get(name);
      if (other) {
        if (!other.digest.equals(digest)) throw reused();
        exchange.note({ [UNCHANGED_NOTE]: '' });
        return other.result;
      }
      const result = (async () => {
        const store = await stored(() => database.store());
        const [row] = await stored(() => store.read(READ, [owner, key, Math.floor(clock.wallMs() - RETENTION_MS)]));
        if (!row) return first(store, owner, key, digest, work);
        exchange.note({ [UNCHANGED_NOTE]: '' });
        return repeated(row, digest);
      })();
      running.set(name, { digest, result });
      try {
        return await result;
      } finally {
        running.delete(name);
      }
    },
  };
}

const READ = 'SELECT request, status, headers, body FROM idempotent_requests WHERE owner = ? AND key = ? AND at_ms > ?';
const REMOVE = 'DELETE FROM idempotent_requests WHERE owner = ? AND key = ?';

const begin = (owner: string, key: string, digest: Buffer, nowMs: number) => ({
  sql: `INSERT INTO idempotent_requests (owner, key, request, at_ms) VALUES (?, ?, ?, ?)
        ON CONFLICT (owner, key) DO UPDATE SET request = excluded.request, at_ms = excluded.at_ms, status = NULL,
          headers = NULL, body = NULL`,
  parameters: [owner, key, new Uint8Array(digest), Math.floor(nowMs)],
});

/** Removes old requests, and the oldest one of the client with the most if there are too many. */
const retention = (nowMs: number) => [
  { sql: 'DELETE FROM idempotent_requests WHERE at_ms <= ?', parameters: [Math.floor(nowMs - RETENTION_MS)] },
  {
    sql: `DELETE FROM idempotent_requests WHERE (SELECT count(*) FROM idempotent_requests) > ${MAX_REQUESTS}
            AND (owner, key) = (
              SELECT owner, key FROM idempotent_requests WHERE owner =
                (SELECT owner FROM idempotent_requests GROUP BY owner ORDER BY count(*) DESC LIMIT 1)
              ORDER BY at_ms LIMIT 1)`,
  },
];

/** Without a reply, the request ran, and its reply cannot be repeated. */
const end = (owner: string, key: string, reply: StoredReply | undefined) => ({
  sql: 'UPDATE idempotent_requests SET status = ?, headers = ?, body = ? WHERE owner = ? AND key = ?',
  parameters: [
    reply ? (reply.status ?? 0) : -1,
    reply ? JSON.stringify(reply.headers) : null,
    reply?.body === undefined ? null : stringifyJson(reply.body),
    owner,
    key,
  ],
});

function repeated(row: Row, digest: Buffer): unknown {
  if (!Buffer.from(row.request as Uint8Array).equals(digest)) throw reused();
  const status = row.status === null ? undefined : Number(row.status);
  if (status === undefined) {
    const message =
      'The gateway ended while it executed a request with this Idempotency-Key, so it may have taken effect: check it, and use another key';
    throw new SovdError({ code: 'x-medkit-outcome-unknown', message });
  }
  if (status < 0) {
    const message = 'A request with this Idempotency-Key was executed, but its reply cannot be repeated';
    throw new SovdError({ code: 'x-medkit-key-reused', message });
  }
  const body = row.body === null ? undefined : parseJson(String(row.body));
  if (status >= 400) throw new SovdError(body as never);
  return new Answer(status === 0 ? undefined : status, body, JSON.parse(String(row.headers)));
}

/** Returns the reply of a result; `undefined` for a file or a stream, and for a reply that is too long. */
function replyOf(result: unknown): StoredReply | undefined {
  if (result instanceof Answer) return short({ ...result, body: resultBody(result) });
  const body = resultBody(result);
  const isPlain = typeof body === 'object' && body !== null && isPlainObject(body);
  return isPlain ? short({ status: 200, headers: {}, body }) : undefined;
}

const isPlainObject = (value: object): boolean =>
  Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null;

const short = (reply: StoredReply): StoredReply | undefined =>
  reply.body !== undefined && stringifyJson(reply.body).length > MAX_REPLY_CHARS ? undefined : reply;

/** Returns a failure, as the options from which it is created again. */
function failureOf(error: unknown): StoredReply {
  if (!(error instanceof SovdError)) return { status: 500, headers: {}, body: { code: 'internal-error' } };
  const { code, status, message, parameters } = error;
  return { status, headers: {}, body: { code, status, message, ...(parameters && { parameters }) } };
}

/** Returns whose keys these are: two clients may use the same. */
function clientOf({ principal, remoteAddress, headers }: Exchange): string {
  const owner = ownerOf({ principal, source: addressPrefix(remoteAddress) }) ?? 'local';
  const behalf = onBehalfOf({ headers: headers as IncomingHttpHeaders, principal });
  return behalf === undefined ? owner : `${owner} ${behalf}`;
}

function digestOf({ method }: Pick<Route, 'method'>, { url, query, body, clientId }: Exchange): Buffer {
  const parts = [method, url, query, clientId, body === undefined ? null : body];
  return createHash('sha256').update(stringifyJson(parts)).digest();
}

const invalid = (message: string): SovdError => new SovdError({ code: 'invalid-request', message });

function reused(): SovdError {
  return new SovdError({ code: 'x-medkit-key-reused' });
}
