import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { base62 } from './base62.ts';
import { keyIdOf, newId, newKeyText } from './key-text.ts';

describe('the text of a key', () => {
  const text = newKeyText('ab12cd34', seededRandom(3));

  it('has a prefix, the id, 32 random bytes and a checksum', () => {
    assert.match(text, /^mdk_ab12cd34_[0-9A-Za-z]{43}[0-9A-Za-z]{6}$/);
    assert.equal(keyIdOf(text), 'ab12cd34');
  });

  it('has a fixed length, also for small numbers', () => {
    const nothing = { bytes: (count: number) => new Uint8Array(count), float: () => 0 };
    const most = { bytes: (count: number) => new Uint8Array(count).fill(255), float: () => 0 };
    assert.equal(newKeyText('00000000', nothing).length, text.length);
    assert.equal(newKeyText('00000000', most).length, text.length);
    assert.equal(base62(61n, 2), '0z');
    assert.equal(base62(2n ** 256n - 1n, 43).length, 43);
  });

  it('is invalid if any character is changed', () => {
    for (let place = 0; place < text.length; place += 1) {
      for (const other of ['x', 'Q', '7']) {
        if (text[place] === other) continue;
        assert.equal(keyIdOf(text.slice(0, place) + other + text.slice(place + 1)), undefined, `${place} ${other}`);
      }
    }
  });

  const wrong = [
    '',
    'mdk_',
    text.slice(1),
    `${text}x`,
    `${text}\n`,
    ` ${text}`,
    text.toUpperCase(),
    `mdk_${'x'.repeat(1e6)}`,
  ];
  for (const each of wrong) {
    it(`is invalid if it is ${JSON.stringify(each.slice(0, 20))} of ${each.length} characters`, () => {
      assert.equal(keyIdOf(each), undefined);
    });
  }

  it('has an id without characters that are easily confused', () => {
    assert.match(newId(seededRandom(1)), /^[0-9a-hjkmnp-tv-z]{8}$/);
  });
});
