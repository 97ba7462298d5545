import { BagProblem, boundedLength, messageOf } from './bag-problem.ts';

/** A file that can be read in parts. */
export interface RangeSource {
  size(): Promise<bigint>;
  read(offset: bigint, length: bigint): Promise<Uint8Array>;
}

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

interface RangeOptions {
  readonly token: string;
  readonly fetch: Fetch;
  /** Time limit for one part, milliseconds. */
  readonly timeoutMs?: number;
}

/** Bytes of the first request, which reads the end of the file with its index; small files are read completely. */
const FIRST_OCTETS = 64 * 1024;
/** Number of cached reads: each message of a chunk reads the same chunk again. */
const CACHED_READS = 8;
const TIMEOUT_MS = 30_000;
const CONTENT_RANGE = /^bytes (\d+)-(\d+)\/(\d+)$/;

/**
 * Reads a file of the gateway with HTTP range requests. Reading fails if the file has changed since it was opened.
 * Throws `BagProblem` if the reply is not the requested part.
 */
export function openRangeSource(url: string, { token, fetch, timeoutMs = TIMEOUT_MS }: RangeOptions): RangeSource {
  const cache = new Map<string, Promise<Uint8Array>>();
  let etag: string | undefined;
  let total: bigint | undefined;
  let end: { readonly from: bigint; readonly octets: Uint8Array } | undefined;

  async function ask(range: string): Promise<{ readonly from: bigint; readonly octets: Uint8Array }> {
    const response = await fetch(url, {
      headers: {
        Range: range,
        ...(token !== '' && { Authorization: `Bearer ${token}` }),
        ...(etag !== undefined && { 'If-Range': etag }),
      },
      credentials: 'same-origin',
      signal: AbortSignal.timeout(timeoutMs),
    }).catch(notReached);
    if (response.status !== 206) {
      await response.body?.cancel();
      throw problemOf(response.status, etag !== undefined);
    }
    const [, first, last, size] = CONTENT_RANGE.exec(response.headers.get('content-range') ?? '') ?? [];
    if (first === undefined || last === undefined || size === undefined) {
      await response.body?.cancel();
      throw new BagProblem('no-ranges');
    }
    const [from, until] = [BigInt(first), BigInt(last) + 1n];
    const length = boundedLength(until - from);
    if (total !== undefined && total !== BigInt(size)) throw new BagProblem('changed');
    total = BigInt(size);
    etag ??= strong(response.headers.get('etag'));
    const octets = new Uint8Array(await response.arrayBuffer().catch(notReached));
    if (octets.length !== length) throw new BagProblem('cut-off', `${octets.length} / ${length}`);
    return { from, octets };
  }

  async function part(offset: bigint, length: number): Promise<Uint8Array> {
    const { from, octets } = await ask(`bytes=${offset}-${offset + BigInt(length) - 1n}`);
    if (from !== offset || octets.length !== length) throw new BagProblem('cut-off');
    return octets;
  }

  return {
    async size() {
      end ??= await ask(`bytes=-${FIRST_OCTETS}`);
      return total ?? 0n;
    },
    async read(offset, size) {
      const length = boundedLength(size);
      if (length === 0) return new Uint8Array();
      if (end && offset >= end.from && offset + size <= end.from + BigInt(end.octets.length)) {
        const start = Number(offset - end.from);
        return end.octets.slice(start, start + length);
      }
      const key = `${offset}+${length}`;
      const reading = cache.get(key) ?? part(offset, length);
      cache.delete(key);
      cache.set(key, reading);
      if (cache.size > CACHED_READS) cache.delete(cache.keys().next().value!);
      reading.catch(() => cache.delete(key));
      return reading;
    },
  };
}

function notReached(error: unknown): never {
  throw new BagProblem('offline', messageOf(error));
}

/** `If-Range` permits only a strong ETag. */
const strong = (etag: string | null): string | undefined => (etag?.startsWith('"') ? etag : undefined);

function problemOf(status: number, wasOpened: boolean): BagProblem {
  if (status === 200) return new BagProblem(wasOpened ? 'changed' : 'no-ranges');
  if (status === 401) return new BagProblem('sign-in');
  if (status === 403) return new BagProblem('role');
  return status === 404 ? new BagProblem('gone') : new BagProblem('refused', status);
}
