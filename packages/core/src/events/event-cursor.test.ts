import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LOCAL } from '../entity/entity.ts';
import { advanceCursor, cursorOf, cursorText } from './event-cursor.ts';

describe('a cursor', () => {
  it('is a plain number if only this gateway has events', () => {
    assert.equal(cursorText(new Map([[LOCAL, 417]])), '417');
    assert.deepEqual(cursorOf('417'), new Map([[LOCAL, 417]]));
    assert.deepEqual(cursorOf('0'), new Map([[LOCAL, 0]]));
    assert.equal(cursorOf('9'.repeat(400))?.get(LOCAL), Number.POSITIVE_INFINITY);
  });

  it('has the same text for the same positions in any order, and is parsed back unchanged', () => {
    const first = advanceCursor(advanceCursor(new Map([[LOCAL, 417]]), 'peer_c', 9), 'peer_b', 77);
    const second = advanceCursor(advanceCursor(new Map([['peer_b', 77]]), LOCAL, 417), 'peer_c', 9);
    assert.equal(cursorText(first), '417~peer_b.77~peer_c.9');
    assert.equal(cursorText(second), cursorText(first));
    assert.deepEqual(cursorOf('417~peer_b.77~peer_c.9'), first);
    assert.equal(cursorText(new Map([['peer_b', 1]])), '0~peer_b.1', 'nothing was seen of this one');
  });

  it('supports names with any characters', () => {
    for (const origin of ['Halle 3.b', 'a~b', 'prüfstand', '10.0.0.1:8080']) {
      const cursor = advanceCursor(new Map([[LOCAL, 1]]), origin, 5);
      assert.match(cursorText(cursor), /^[\x21-\x7e]+$/);
      assert.deepEqual(cursorOf(cursorText(cursor)), cursor);
    }
  });

  it('is undefined for an invalid text from a client', () => {
    for (const garbage of [
      undefined,
      '',
      'abc',
      '-1',
      '1.5',
      '1 ',
      '1~',
      '1~b',
      '~b.1',
      '1~b.x',
      '1~b.1.2',
      ['1', '2'],
    ]) {
      assert.equal(cursorOf(garbage), undefined, String(garbage));
    }
    assert.equal(cursorOf(`1${'~b.1'.repeat(3000)}`), undefined);
    assert.deepEqual(
      cursorOf('1~%zz.1'),
      new Map([
        [LOCAL, 1],
        ['%zz', 1],
      ]),
    );
  });
});
