import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { GatewayRefused, GatewayUnreachable } from '@medkit/client';
import { downloadFile } from './download-file.ts';

const CONTENT = 'abcdefghij';
const broken = new GatewayUnreachable({ method: 'GET', url: 'http://robot/bag' }, new Error('terminated'));
const behindTheEnd = new GatewayRefused(
  { method: 'GET', url: 'http://robot/bag' },
  416,
  { error_code: 'vendor-error', message: 'No' },
  '',
);
let folder = '';

/** A gateway with one file that closes the connection after this many bytes of each reply. */
function server(breaks: readonly number[], { etag = '"1"', content = CONTENT } = {}) {
  const requests: Readonly<Record<string, string>>[] = [];
  const open = async (headers: Readonly<Record<string, string>>) => {
    const start = headers['If-Range'] === etag ? Number(/\d+/.exec(headers.Range)?.[0]) : 0;
    const cut = breaks[requests.length];
    requests.push(headers);
    if (start >= content.length) throw behindTheEnd;
    const bytes = new TextEncoder().encode(content.slice(start, cut === undefined ? undefined : start + cut));
    return {
      status: start > 0 ? 206 : 200,
      headers: new Headers({ etag, 'content-length': String(content.length - start) }),
      chunks: (async function* () {
        for (const byte of bytes) yield Uint8Array.of(byte);
        if (cut !== undefined) throw broken;
      })(),
    };
  };
  return { requests, open };
}

const save = (
  open: ReturnType<typeof server>['open'],
  onProgress: (done: number, total?: number) => void = () => undefined,
) => downloadFile({ file: join(folder, 'stop.mcap'), nameFor: () => 'other', open, onProgress, pauseMs: 0 });
const content = () => readFile(join(folder, 'stop.mcap'), 'utf8');

describe('a download', () => {
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medkit-download-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('resumes after a broken connection, and leaves no other files behind', async () => {
    const { requests, open } = server([3, 4]);
    const progress: (readonly [number, number?])[] = [];
    const { bytes } = await save(open, (done, total) => progress.push([done, total]));
    assert.deepEqual([bytes, await content()], [10, CONTENT]);
    assert.deepEqual(requests, [
      {},
      { Range: 'bytes=3-', 'If-Range': '"1"' },
      { Range: 'bytes=7-', 'If-Range': '"1"' },
    ]);
    assert.deepEqual(progress.at(-1), [10, 10]);
    assert.deepEqual(await readdir(folder), ['stop.mcap']);
  });

  it('is given up after some breaks without progress, and resumed the next time', async () => {
    const { requests, open } = server([6, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    await assert.rejects(save(open), GatewayUnreachable);
    assert.ok(requests.length < 10);
    const later = server([]);
    await save(later.open);
    assert.deepEqual([later.requests[0]?.Range, await content()], ['bytes=6-', CONTENT]);
  });

  it('starts again if the content has changed', async () => {
    await assert.rejects(save(server([4, 0, 0, 0, 0, 0, 0, 0]).open), GatewayUnreachable);
    await save(server([], { etag: '"2"', content: 'ABCDEFGHIJ' }).open);
    assert.equal(await content(), 'ABCDEFGHIJ');
  });

  it('that was complete but not renamed is downloaded again', async () => {
    await writeFile(join(folder, 'stop.mcap.part'), CONTENT);
    await writeFile(join(folder, 'stop.mcap.part.etag'), '"1"');
    const { requests, open } = server([]);
    await save(open);
    assert.deepEqual([requests.length, await content(), await readdir(folder)], [2, CONTENT, ['stop.mcap']]);
  });

  it('does not continue a file of another origin', async () => {
    await writeFile(join(folder, 'stop.mcap.part'), 'xyz');
    const { requests, open } = server([]);
    await save(open);
    assert.deepEqual([requests[0], await content()], [{}, CONTENT]);
  });
});
