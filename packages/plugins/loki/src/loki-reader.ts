import { SovdError } from '@medkit/contract';
import { type CallContext, errorMessage, type LogCursor, type LogQuery, type LogReader } from '@medkit/core';
import { type Clock, type HttpClient, type HttpReply, redacted, secretsOfRequest } from '@medkit/edges';
import { logQl, type Robot } from './log-ql.ts';
import { headersOf, type LokiOptions } from './loki-options.ts';
import { afterSequence, readStreams } from './read-streams.ts';

export interface LokiReaderOptions {
  readonly options: LokiOptions;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly robot: () => Promise<Robot>;
}

const NS_PER_MS = 1_000_000n;
const MS_PER_HOUR = 3_600_000;
/** Clocks of robots may be wrong: entries this far ahead are still found. */
const AHEAD_MS = 300_000;
/** Maximum bytes of an answer: five times 10,000 entries of usual length. */
const MAX_REPLY_BYTES = 16 * 1024 * 1024;
/** Maximum characters of a URL; a longer query is sent in the body. */
const MAX_URL_LENGTH = 4000;

/** Reads logs from Loki by its range query. */
export function lokiReader({ options, http, clock, robot }: LokiReaderOptions): LogReader {
  const base = options.url.replace(/\/+$/, '');
  const headers = headersOf(options);
  const secrets = secretsOfRequest(base, headers);

  const ask = async (parameters: URLSearchParams, { signal, deadlineMs }: CallContext): Promise<string> => {
    const address = `${base}/loki/api/v1/query_range`;
    const isShort = address.length + String(parameters).length < MAX_URL_LENGTH;
    const request = isShort
      ? { method: 'GET' as const, url: `${address}?${parameters}`, headers }
      : {
          method: 'POST' as const,
          url: address,
          headers: { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' },
          body: String(parameters),
        };
    const timeoutMs = Math.max(1, deadlineMs - clock.monotonicMs());
    const reply = await http.send({ ...request, timeoutMs, signal, maxReplyBytes: MAX_REPLY_BYTES });
    if (reply.status !== 200) throw new Error(refusalOf({ ...reply, body: redacted(reply.body, secrets) }));
    return reply.body;
  };

  return {
    list: async (_nativeId, scope, query, call) => {
      try {
        const { direction, start, end } = rangeOf(query, options, clock);
        const limit = Math.min(query.limit, options.max_entries);
        const ql = logQl(scope, query, await robot());
        const queryParameters = { query: ql, start: String(start), end: String(end), limit: String(limit), direction };
        return start >= end ? [] : readStreams(await ask(new URLSearchParams(queryParameters), call));
      } catch (error) {
        const message = `Loki at ${new URL(base).origin} cannot be read: ${redacted(errorMessage(error), secrets)}`;
        throw new SovdError({ code: 'service-unavailable', message });
      }
    },
  };
}

/** Returns the time range in nanoseconds since the epoch, and the direction. */
function rangeOf(query: LogQuery, { hours, settle_ms }: LokiOptions, clock: Clock) {
  const { after, until, before } = query;
  const nowMs = BigInt(Math.floor(clock.wallMs()));
  const first = (nowMs - BigInt(hours * MS_PER_HOUR)) * NS_PER_MS;
  const ends = [...(until ? [behindOf(until)] : []), ...(before ? [placeOf(before)] : [])];
  const within = (endNs: bigint): bigint => ends.reduce((least, each) => (each < least ? each : least), endNs);
  if (!after) return { direction: 'backward', start: first, end: within((nowMs + BigInt(AHEAD_MS)) * NS_PER_MS) };
  const behind = behindOf(after);
  const end = within((nowMs - BigInt(settle_ms)) * NS_PER_MS);
  return { direction: before ? 'backward' : 'forward', start: behind > first ? behind : first, end };
}

/** Returns the first time after a position in the log, in nanoseconds since the epoch. */
function behindOf(place: LogCursor): bigint {
  return 'sequence' in place ? afterSequence(place.sequence) : place.timestampNs + 1n;
}

function placeOf(place: LogCursor): bigint {
  return 'sequence' in place ? afterSequence(place.sequence - 1) : place.timestampNs;
}

/** Maximum characters of Loki's error message. */
const MAX_SAID_LENGTH = 200;

function refusalOf({ status, body }: HttpReply): string {
  return `HTTP ${status}: ${body
    .replaceAll(/[^\P{C} ]+|\s+/gu, ' ')
    .trim()
    .slice(0, MAX_SAID_LENGTH)}`;
}
