import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { frameReader, MAX_FRAME_BYTES } from './frame-reader.ts';

function framed(...bodies: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    bodies.flatMap((body) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(body.length);
      return [length, body];
    }),
  );
}

/** Returns the frames that a reader delivers for a stream in these pieces, followed by `undefined` if it gave up. */
function read(pieces: Iterable<Uint8Array>): readonly (string | undefined)[] {
  const frames: (string | undefined)[] = [];
  const reader = frameReader((octets) => frames.push(Buffer.from(octets).toString('hex')));
  for (const piece of pieces) {
    if (reader.read(piece)) continue;
    frames.push(undefined);
    break;
  }
  return frames;
}

const BODIES = [1, 3, 700, 4, MAX_FRAME_BYTES, 90].map((length, index) => Buffer.alloc(length, index + 1));
const HEX = BODIES.map((body) => body.toString('hex'));

describe('a reader of frames', () => {
  it('returns every message of one piece', () => {
    assert.deepEqual(read([framed(...BODIES)]), HEX);
  });

  it('assembles a message that arrives byte by byte', () => {
    const stream = framed(...BODIES);
    assert.deepEqual(read(Array.from(stream, (octet) => Uint8Array.of(octet))), HEX);
  });

  it('returns the same for pieces of any length', () => {
    const stream = framed(...BODIES);
    const random = seededRandom(7).float;
    for (let round = 0; round < 300; round += 1) {
      const pieces: Uint8Array[] = [];
      const longest = 10 ** (1 + 4 * random());
      for (let start = 0; start < stream.length; ) {
        const end = start + 1 + Math.floor(random() * longest);
        pieces.push(stream.subarray(start, end));
        start = end;
      }
      assert.deepEqual(read(pieces), HEX, `round ${round}`);
    }
  });

  it('gives up at a length of 0 and at one over the limit, whole or in pieces', () => {
    const good = framed(BODIES[0]!);
    for (const length of [0, MAX_FRAME_BYTES + 1, 0xffffffff]) {
      const bad = Buffer.alloc(8);
      bad.writeUInt32LE(length);
      const stream = Buffer.concat([good, bad]);
      assert.deepEqual(read([stream]), [HEX[0], undefined]);
      assert.deepEqual(read(Array.from(stream, (octet) => Uint8Array.of(octet))), [HEX[0], undefined]);
    }
  });
});
