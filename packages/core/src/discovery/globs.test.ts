import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { globs } from './globs.ts';

const random = seededRandom(11);
const word = (letters: string, length: number): string =>
  Array.from(
    { length: Math.floor(random.float() * length) },
    () => letters[Math.floor(random.float() * letters.length)],
  ).join('');

describe('globs', () => {
  it('match the same texts as the equivalent regular expression', () => {
    for (let round = 0; round < 3000; round++) {
      const [pattern, text] = [word('ab*?', 7), word('ab', 9)];
      const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
      assert.equal(globs([pattern])(text), expression.test(text), `${pattern} ${text}`);
    }
  });

  it('stay fast with a malicious pattern', () => {
    // A matcher that tries every split of the text would not finish.
    assert.equal(globs(['*a'.repeat(60)])('a'.repeat(250).replace(/$/, 'b')), false);
  });
});
