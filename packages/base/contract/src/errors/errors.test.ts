import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Compile } from 'typebox/compile';
import { GenericError } from '../schemas/generic-error.ts';
import { firstOf, listed, shortened } from './bounds.ts';
import { ERROR_CODES, type ErrorCode } from './codes.ts';
import { errorsMarkdown } from './markdown.ts';
import { SovdError } from './sovd-error.ts';

const codes = Object.keys(ERROR_CODES) as ErrorCode[];

test('a plain error takes status and message from the list', () => {
  const error = new SovdError({ code: 'entity-not-found', parameters: { entity_id: 'nope' } });
  assert.equal(error.status, 404);
  assert.deepEqual(error.body(), {
    error_code: 'entity-not-found',
    message: 'Entity not found',
    parameters: { entity_id: 'nope' },
  });
});

test('a vendor code is sent as a vendor-error with its vendor_code', () => {
  const error = new SovdError({ code: 'x-medkit-cold-wait-cap-exceeded', parameters: { topic: '/scan' } });
  assert.equal(error.status, 503);
  assert.equal(error.body().error_code, 'vendor-error');
  assert.equal(error.body().vendor_code, 'x-medkit-cold-wait-cap-exceeded');
});

test('empty parameters are omitted, and placeholders of a message are filled from parameters', () => {
  assert.equal('parameters' in new SovdError({ code: 'not-implemented', parameters: {} }).body(), false);
  assert.match(new SovdError({ code: 'payload-too-large', parameters: { limit: 9 } }).message, / 9 bytes /);
});

for (const code of codes) {
  test(`the body of ${code} fits GenericError, its status is an error, and docs/errors.md lists it`, () => {
    const error = new SovdError({ code });
    assert.ok(Compile(GenericError).Check(error.body()));
    assert.ok(error.status >= 400 && error.status < 600);
    assert.ok(errorsMarkdown().includes(`\n| \`${code}\` | ${error.status} |`));
  });
}

test('the size of an error is bounded, whatever the size of the rejected value', () => {
  const name = 'n'.repeat(100_000);
  const error = new SovdError({
    code: 'invalid-request',
    message: `There is no ${name}`,
    parameters: { name, [name]: 1, names: Array.from({ length: 10_000 }, () => name), deep: nested(50) },
  });
  const text = JSON.stringify(error.body());
  assert.ok(text.length < 16_000, String(text.length));
  assert.match(error.message, /^There is no n{1987}\u2026$/);
});

test('a truncated text fits its limit with the mark, and never ends in half a character', () => {
  assert.equal(shortened('abcdef', 6), 'abcdef');
  assert.equal(shortened('abcdefg', 6), 'abcde…');
  assert.equal(shortened('ab😀cd', 4), 'ab…');
  assert.equal(shortened('ab😀cd', 5), 'ab😀…');
});

test('names in an error are truncated, and so is the list of them', () => {
  const names = Array.from({ length: 23 }, (_, index) => `${'\u{1F916}'.repeat(40)}${index}`);
  const sentence = listed(names, (name) => `"${name}"`);
  assert.match(sentence, / and 3 more$/);
  assert.equal(sentence.split(', ').length, 20);
  assert.ok(firstOf(names).every((name) => name.length <= 64 && name.isWellFormed() && name.endsWith('\u2026')));
  assert.equal(listed(['a', 'b']), 'a, b');
});

function nested(depth: number): unknown {
  return depth === 0 ? 'bottom' : { in: nested(depth - 1) };
}
