import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MAX_OCTETS } from './bag-problem.ts';
import { openRangeSource } from './range-source.ts';

interface Served {
  readonly octets: Uint8Array<ArrayBuffer>;
  etag: string;
  readonly requests: { range: string; ifRange: string | undefined; authorization: string | undefined }[];
}

const FILE = Uint8Array.from({ length: 200_000 }, (_, place) => place % 251);

/** Answers range requests like the gateway. */
function serving({ octets, requests }: Served, served: Served) {
  return async (_: string, { headers }: RequestInit): Promise<Response> => {
    const sent = headers as Record<string, string>;
    requests.push({ range: sent['Range']!, ifRange: sent['If-Range'], authorization: sent['Authorization'] });
    if (sent['If-Range'] !== undefined && sent['If-Range'] !== served.etag)
      return new Response(octets, { status: 200 });
    const [, first = '', last = ''] = /^bytes=(\d*)-(\d+)$/.exec(sent['Range']!) ?? [];
    const from = first === '' ? Math.max(0, octets.length - Number(last)) : Number(first);
    const until = first === '' ? octets.length : Math.min(octets.length, Number(last) + 1);
    return new Response(octets.slice(from, until), {
      status: 206,
      headers: { 'Content-Range': `bytes ${from}-${until - 1}/${octets.length}`, ETag: served.etag },
    });
  };
}

function source(token = '') {
  const served: Served = { octets: FILE, etag: '"one"', requests: [] };
  return { served, file: openRangeSource('http://gateway/file', { token, fetch: serving(served, served) }) };
}

describe('a file on the gateway', () => {
  it('is read in parts, its end with the first request, and no part twice', async () => {
    const { served, file } = source('secret');
    assert.equal(await file.size(), 200_000n);
    for (const offset of [199_000n, 10n, 10n])
      assert.deepEqual(await file.read(offset, 100n), FILE.slice(Number(offset), Number(offset) + 100));
    assert.deepEqual(served.requests, [
      { range: 'bytes=-65536', ifRange: undefined, authorization: 'Bearer secret' },
      { range: 'bytes=10-109', ifRange: '"one"', authorization: 'Bearer secret' },
    ]);
    assert.deepEqual(await file.read(5n, 0n), new Uint8Array());
  });

  it('that has changed since it was opened is not read further', async () => {
    const { served, file } = source();
    await file.size();
    served.etag = '"two"';
    await assert.rejects(file.read(0n, 9n), /changed/);
  });

  it('returns no part that is larger than the memory limit, or than the file', async () => {
    const { file } = source();
    await assert.rejects(file.read(0n, BigInt(MAX_OCTETS) + 1n), /too-large/);
    await assert.rejects(file.read(0n, 2n ** 63n), /too-large/);
    await assert.rejects(file.read(199_999n, 100n), /cut-off/);
  });

  it('whose part does not arrive in time is given up', async () => {
    const silent = (_: string, { signal }: RequestInit) =>
      new Promise<Response>((_resolve, reject) =>
        signal!.addEventListener('abort', () => reject(signal!.reason as Error)),
      );
    const file = openRangeSource('http://gateway/file', { token: '', fetch: silent, timeoutMs: 20 });
    const awake = setTimeout(() => assert.fail('no timeout'), 10_000);
    await assert.rejects(file.size(), /offline: .*timeout/);
    clearTimeout(awake);
  });

  it('that is not available has a reason', async () => {
    const answers: readonly (readonly [() => Promise<Response>, RegExp])[] = [
      [async () => new Response('', { status: 404 }), /gone/],
      [async () => new Response('', { status: 401 }), /sign-in/],
      [async () => new Response('', { status: 403 }), /role/],
      [async () => new Response('', { status: 200 }), /no-ranges/],
      [async () => new Response('', { status: 503 }), /refused: 503/],
      [async () => new Response('x', { status: 206 }), /no-ranges/],
      [async () => new Response('x', { status: 206, headers: { 'Content-Range': 'bytes 0-8/9' } }), /cut-off: 1 \/ 9/],
      [async () => new Response('x', { status: 206, headers: { 'Content-Range': 'bytes 9-1/9' } }), /too-large/],
      [() => Promise.reject(new TypeError('refused')), /offline: refused/],
    ];
    for (const [answer, reason] of answers) {
      await assert.rejects(openRangeSource('http://gateway/file', { token: '', fetch: answer }).size(), reason);
    }
  });
});
