import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { collect } from '../testing/collect.ts';
import { readEvents, readParts } from './read-events.ts';

const STREAM =
  ':connected\n\nid: 7\nevent: fault\ndata: {"a":"ü"}\n\ndata: one\r\ndata:two\r\n\r\nretry: 250\n\nid: 8\rdata\r\rdata: cut';
const EVENTS = [
  { id: '7', event: 'fault', data: '{"a":"ü"}' },
  { id: '7', data: 'one\ntwo' },
  { retryMs: 250 },
  { id: '8', data: '' },
];

async function read(chunks: readonly Uint8Array[], maxChars?: number) {
  return collect(
    readEvents(
      (async function* () {
        yield* chunks;
      })(),
      maxChars,
    ),
  );
}

describe('a stream of server-sent events', () => {
  it('is read with any line ending; an incomplete event is ignored', async () => {
    assert.deepEqual(await read([new TextEncoder().encode(STREAM)]), EVENTS);
  });

  it('is read with its comments and separate ids for forwarding', async () => {
    const text = ':connected\n\nid: 3\n\ndata: a\n\nid\n\n';
    const chunks = (async function* () {
      yield new TextEncoder().encode(text);
    })();
    const parts = [{ comment: 'connected' }, { mark: '3' }, { id: '3', data: 'a' }, { mark: '' }];
    assert.deepEqual((await collect(readParts(chunks, 100))).flat(), parts);
  });

  it('is read the same in whatever chunks', async () => {
    const random = seededRandom(3);
    const bytes = new TextEncoder().encode(STREAM);
    for (let round = 0; round < 200; round++) {
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; ) {
        const length = 1 + Math.floor(random.float() * 9);
        chunks.push(bytes.subarray(at, at + length));
        at += length;
      }
      assert.deepEqual(await read(chunks), EVENTS);
    }
  });

  it('with an event that does not end is aborted: one line, many, or many empty ones', async () => {
    for (const text of ['aaaaa', 'data: aaaa\n', 'data\n']) {
      const chunk = new TextEncoder().encode(text);
      await assert.rejects(read(new Array(300).fill(chunk), 256), RangeError, text);
    }
    const event = new TextEncoder().encode('data: aaaa\n\n');
    assert.equal((await read(new Array(300).fill(event), 256)).length, 300);
  });
});
