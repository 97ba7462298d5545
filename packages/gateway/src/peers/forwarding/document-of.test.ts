import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { it } from 'node:test';
import type { ForwardReply } from '@medkit/core';
import { documentOf, MAX_DOCUMENT_PARTS } from './document-of.ts';

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

it('refuses a document of a peer that would take many times its size on the heap', async () => {
  const text = `{"items":[${'{},'.repeat(MAX_DOCUMENT_PARTS)}{}]}`;
  await assert.rejects(documentOf(reply(text)), (error: { code?: string; message?: string }) => {
    assert.equal(error.code, 'x-medkit-peer-unavailable');
    assert.match(error.message ?? '', /more than 1000000 lists, objects and members/);
    return true;
  });
});

it('reads a long document of few parts', async () => {
  const text = JSON.stringify({ items: ['{'.repeat(2_000_000)] });
  assert.deepEqual(await documentOf(reply(text)), JSON.parse(text));
});
