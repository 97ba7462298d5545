import assert from 'node:assert/strict';
import { it } from 'node:test';
import { alternativeNames } from './client-names.ts';

const valuesOf = (text: string) => alternativeNames(text).map(({ kind, value }) => `${kind}=${value}`);

it('names are split at commas outside of quotes', () => {
  assert.deepEqual(valuesOf('DNS:a.example, IP Address:10.0.0.7, URI:spiffe://x/a'), [
    'DNS=a.example',
    'IP Address=10.0.0.7',
    'URI=spiffe://x/a',
  ]);
  assert.deepEqual(valuesOf('URI:"spiffe://x/a, DNS:b", DNS:c'), ['URI=spiffe://x/a, DNS:b', 'DNS=c']);
  assert.deepEqual(valuesOf(String.raw`DNS:"a\", URI:spiffe://x/ci, DNS:\"b"`), ['DNS=a", URI:spiffe://x/ci, DNS:"b']);
  assert.deepEqual(valuesOf(String.raw`DNS:"ci.example\u0000.other.example"`), ['DNS=ci.example\0.other.example']);
  assert.deepEqual(valuesOf(''), []);
});

it('a malformed text has no names at all', () => {
  for (const text of [
    'DNS:a, "',
    'DNS:"a',
    'DNS:a"b, URI:x',
    'DNS:"a"b',
    ', DNS:a',
    'DNS:a, , DNS:b',
    String.raw`DNS:"\x"`,
  ])
    assert.deepEqual(valuesOf(text), [], text);
});
