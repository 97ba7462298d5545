import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commentFrame, type EventFrame, eventFrame } from './event-frame.ts';

const text = ({ plain }: EventFrame) => plain.toString();

test('V01: a frame is id, event, data and an empty line, all with plain line feeds', () => {
  assert.equal(
    text(eventFrame({ id: 7, event: 'fault_confirmed', data: '{"a":1}' })),
    'id: 7\nevent: fault_confirmed\ndata: {"a":1}\n\n',
  );
  assert.equal(text(eventFrame({ data: '{}' })), 'data: {}\n\n');
  assert.equal(text(commentFrame('keepalive')), ':keepalive\n\n');
});

test('V01: no content can begin a separate field', () => {
  assert.equal(text(eventFrame({ event: 'a\r\ndata: b', data: '{}' })), 'event: a data: b\ndata: {}\n\n');
  assert.equal(text(commentFrame('a\n\ndata: b')), ':a data: b\n\n');
});

test('a frame is also a chunk of HTTP/1.1, whose size counts bytes', () => {
  const { plain, chunk } = eventFrame({ data: '"\u00fc"' });
  assert.equal(chunk.toString(), 'c\r\ndata: "\u00fc"\n\n\r\n');
  assert.equal(plain.length, 0xc);
});
