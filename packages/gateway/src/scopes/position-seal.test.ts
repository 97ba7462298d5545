import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { POSITION_KEY_BYTES, positionSeal } from './position-seal.ts';

const sealOf = (filler: number) => positionSeal(new Uint8Array(POSITION_KEY_BYTES).fill(filler));

describe('a sealed position', () => {
  it('opens with its key, also after a restart', () => {
    for (const position of [0, 1, 412, Number.MAX_SAFE_INTEGER]) {
      const text = sealOf(1).seal(position);
      assert.match(text, /^[\w-]{22}$/);
      assert.equal(sealOf(1).open(text), position);
      assert.equal(sealOf(1).seal(position), text);
    }
  });

  it('does not open with another key, and no other text is a position', () => {
    const text = sealOf(1).seal(412);
    assert.equal(sealOf(2).open(text), undefined);
    for (const other of [undefined, '', '412', `${text}A`, text.toLowerCase(), 'x'.repeat(22), [text]])
      assert.equal(sealOf(1).open(other), undefined, String(other));
  });

  it('hides the distance between positions', () => {
    const texts = [1, 2, 3, 4].map((position) => sealOf(1).seal(position));
    assert.equal(new Set(texts.map((text) => text.slice(0, 8))).size, 4);
  });
});
