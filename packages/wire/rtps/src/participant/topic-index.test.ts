import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TopicIndex } from './topic-index.ts';

describe('the index of topics', () => {
  it('has the endpoints of each topic, one or several, each once', () => {
    const index = new TopicIndex<{ readonly name: string }>();
    const [a, b, c] = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];
    assert.deepEqual(index.of('t'), []);
    for (const each of [a, a]) index.add('t', each);
    assert.deepEqual(index.of('t'), [a]);
    for (const each of [b, c, b]) index.add('t', each);
    assert.deepEqual(index.of('t'), [a, b, c]);
    assert.deepEqual(index.of('u'), []);
    index.remove('t', a);
    index.remove('t', b);
    assert.deepEqual(index.of('t'), [c]);
    index.remove('t', a);
    index.remove('t', c);
    assert.deepEqual(index.of('t'), []);
    index.add('t', a);
    index.remove('t', b);
    assert.deepEqual(index.of('t'), [a]);
    index.remove('t', a);
    assert.deepEqual(index.of('t'), []);
  });
});
