import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isPointer, valueAt } from './json-pointer.ts';

/** The document of RFC 6901, section 5, as far as JSON allows. */
const DOCUMENT = { foo: ['bar', 'baz'], '': 0, 'a/b': 1, 'c%d': 2, ' ': 7, 'm~n': 8, '~1': 9 };

it('a JSON Pointer resolves as in RFC 6901', () => {
  const leads: readonly (readonly [string, unknown])[] = [
    ['', DOCUMENT],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/ ', 7],
    ['/m~0n', 8],
    ['/~01', 9],
  ];
  for (const [pointer, value] of leads) {
    assert.ok(isPointer(pointer), pointer);
    assert.deepEqual(valueAt(DOCUMENT, pointer), value, pointer);
  }
});

it('a JSON Pointer to a missing value resolves to nothing', () => {
  for (const pointer of [
    '/bar',
    '/foo/2',
    '/foo/-',
    '/foo/01',
    '/foo/length',
    '/foo/0/0',
    '/constructor',
    '/__proto__',
  ]) {
    assert.equal(valueAt(DOCUMENT, pointer), undefined, pointer);
  }
});

it('an invalid JSON Pointer is recognised', () => {
  for (const text of ['foo', 'a/b', '/a~', '/a~2', '#/a']) assert.equal(isPointer(text), false, text);
});
