import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { editDistance } from './edit-distance.ts';
import { plainText } from './plain-text.ts';

const random = seededRandom(11);
const word = (letters: string, length: number): string =>
  Array.from(
    { length: Math.floor(random.float() * length) },
    () => letters[Math.floor(random.float() * letters.length)],
  ).join('');

/** Levenshtein distance, implemented by its definition. */
function plainDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1), row[j]! + 1, next[j - 1]! + 1);
    }
    row = next;
  }
  return row[b.length]!;
}

describe('edit distance', () => {
  it('is that of Levenshtein up to the budget, and nothing beyond', () => {
    for (let round = 0; round < 3000; round++) {
      const [a, b, budget] = [word('ab/', 9), word('ab/', 9), Math.floor(random.float() * 9)];
      const whole = plainDistance(a, b);
      assert.equal(editDistance(a, b, budget), whole <= budget ? whole : undefined, `${a} ${b} ${budget}`);
    }
  });
});

describe('foreign text', () => {
  it('W06: is ASCII, and keeps both ends if it is long', () => {
    assert.equal(plainText('größe\n\ud800'), 'gr??e??');
    const cut = plainText(`begin${'x'.repeat(200)}end`);
    assert.equal(cut.length, 64);
    assert.match(cut, /^beginx+\.\.\.x+end$/);
    assert.equal(plainText('y'.repeat(64)), 'y'.repeat(64));
  });
});
