import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { Capture } from './capture.ts';
import { ProgressLines } from './progress.ts';

describe('the stored output of a stream', () => {
  const captured = (texts: readonly string[], maxBytes: number) => {
    const capture = new Capture(maxBytes);
    for (const text of texts) capture.take(text);
    return capture.output;
  };

  it('is complete up to a limit, and then its beginning, marked as truncated', () => {
    assert.deepEqual(captured(['ab', 'cd'], 4), { text: 'abcd', truncated: false });
    assert.deepEqual(captured(['ab', 'cde', 'f'], 4), { text: 'abcd', truncated: true });
  });

  it('counts bytes, and contains no partial characters', () => {
    assert.deepEqual(captured(['ä'.repeat(3)], 6), { text: 'äää', truncated: false });
    assert.deepEqual(captured(['ä'.repeat(3)], 5), { text: 'ää', truncated: true });
    assert.deepEqual(captured(['a😀'], 4), { text: 'a', truncated: true });
  });

  it('can be read while it grows', () => {
    const capture = new Capture(10);
    capture.take('a');
    assert.equal(capture.output.text, 'a');
    capture.take('b');
    assert.equal(capture.output.text, 'ab');
  });
});

describe('lines of progress', () => {
  const TEXT = 'start\nPROGRESS 10\nreading PROGRESS 5\n\nPROGRESS: 40%\nPROGRESS many\nPROGRESS 140\nlast ä PROGRESS';
  const REST = 'start\nreading PROGRESS 5\n\nPROGRESS many\nlast ä PROGRESS';

  function read(stream: 'output' | 'report', pieces: readonly Uint8Array[]) {
    const percents: number[] = [];
    const lines = new ProgressLines(stream, (percent) => percents.push(percent));
    const text = pieces.map((piece) => lines.take(piece)).join('') + lines.end();
    return { text, percents };
  }

  it('are removed from the output, in pieces of any size', () => {
    const random = seededRandom(7);
    const octets = Buffer.from(TEXT);
    for (let round = 0; round < 500; round++) {
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < octets.length; ) {
        const length = 1 + ((random.bytes(1)[0] ?? 0) % 20);
        pieces.push(octets.subarray(at, at + length));
        at += length;
      }
      assert.deepEqual(read('output', pieces), { text: REST, percents: [10, 40, 100] });
    }
  });

  it('may be the last line without a newline', () => {
    assert.deepEqual(read('output', [Buffer.from('PROGRESS 70')]), { text: '', percents: [70] });
  });

  it('are not detected in the middle of a line, however long', () => {
    const pieces = ['x'.repeat(100), 'PROGRESS 5\nPROGRESS 6\n'].map((text) => Buffer.from(text));
    assert.deepEqual(read('output', pieces), { text: `${'x'.repeat(100)}PROGRESS 5\n`, percents: [6] });
  });

  it('may be bare numbers if the script writes nothing else', () => {
    assert.deepEqual(read('report', [Buffer.from('10\n20%\nPROGRESS 30\nnonsense\n')]).percents, [10, 20, 30]);
    assert.deepEqual(read('output', [Buffer.from('10\n')]), { text: '10\n', percents: [] });
  });
});
