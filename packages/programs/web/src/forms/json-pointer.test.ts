import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { namesOf, pointerTo } from './json-pointer.ts';

describe('a JSON Pointer', () => {
  it('leads through the names that it was made of', () => {
    for (const names of [[], ['a'], ['a/b', '~1', '', '0', '~'], ['ä b', '%2F']]) {
      assert.deepEqual(namesOf(names.reduce(pointerTo, '')), names);
    }
    assert.equal(pointerTo('/x', 'a/b~c'), '/x/a~1b~0c');
    assert.deepEqual(namesOf('/~01'), ['~1']);
  });

  it('begins with a slash, and has no tilde but of ~0 and ~1', () => {
    for (const none of ['a', ' /a', '/a~2', '/a~', '#/a']) assert.equal(namesOf(none), undefined, none);
  });
});
