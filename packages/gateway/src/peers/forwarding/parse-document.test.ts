import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { it } from 'node:test';
import type { ForwardReply } from '@medkit/core';
import { MAX_DOCUMENT_PARTS, parseDocument } from './parse-document.ts';

/** A reply of a peer with this text. */
function reply(text: string): ForwardReply {
  return {
    status: 200,
    headers: {},
    octets: Buffer.from(text),
    body: Readable.from([]),
    close: () => undefined,
  };
}

it('a document of a peer with too many parts is refused before it is parsed', async () => {
  const text = `{"items":[${'{},'.repeat(MAX_DOCUMENT_PARTS)}{}]}`;
  await assert.rejects(parseDocument(reply(text)), (error: { code?: string; message?: string }) => {
    assert.equal(error.code, 'x-medkit-peer-unavailable');
    assert.match(error.message ?? '', /more than 1000000 lists, objects and members/);
    return true;
  });
});

it('a long document with few parts is read', async () => {
  const text = JSON.stringify({ items: ['{'.repeat(2_000_000)] });
  assert.deepEqual(await parseDocument(reply(text)), JSON.parse(text));
});
