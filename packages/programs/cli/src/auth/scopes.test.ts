import assert from 'node:assert/strict';
import { it } from 'node:test';
import { CommandFailed } from '../command/failure.ts';
import { formatAccountLimits, readScopes } from './scopes.ts';

it('scopes of accounts are read and described in the same form', () => {
  const text = 'areas/line-2/**,tag:supplier=acme collections=faults,data permissions=read; kind:functions';
  const scopes = [
    { entities: ['areas/line-2/**', 'tag:supplier=acme'], collections: ['faults', 'data'], permissions: ['read'] },
    { entities: ['kind:functions'] },
  ];
  assert.deepEqual(readScopes(text), scopes);
  assert.equal(formatAccountLimits({ scopes }), text);
  assert.deepEqual([readScopes('none'), readScopes(undefined), formatAccountLimits({})], [[], undefined, '']);
});

it('a text that is no scope is refused with the form', () => {
  for (const text of [
    '',
    ';',
    'apps/a data',
    'collections=faults',
    'apps/a collections=',
    'apps/a permissions=a permissions=b',
  ]) {
    assert.throws(() => readScopes(text), CommandFailed, text);
    assert.throws(() => readScopes(text), /is not a scope: use <entities>/, text);
  }
});
