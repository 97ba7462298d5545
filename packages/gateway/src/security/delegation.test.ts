import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Permission } from '@medkit/contract';
import type { Principal } from '@medkit/core';
import { restrictIdentity } from './delegation.ts';
import type { Identity } from './identity.ts';

const may = (...permissions: readonly Permission[]): Identity => ({
  principal: { id: 'key.head', kind: 'key', role: 'custom', permissions: new Set(permissions), scopes: [] },
  credential: { kind: 'none', id: '' },
});
const asking = (permissions: string | undefined, name = 'jan') =>
  ({
    headers: {
      'x-medkit-on-behalf-of': name,
      ...(permissions !== undefined && { 'x-medkit-permissions': permissions }),
    },
  }) as unknown as Parameters<typeof restrictIdentity>[0];
const left = (sender: Identity, permissions?: string): readonly string[] =>
  [...(restrictIdentity(asking(permissions), sender).principal as Principal).permissions].sort();

describe('permissions of a request on behalf of a client', () => {
  it('are limited to those of the sender: the header adds none', () => {
    const sender = may('read', 'impersonate');
    assert.deepEqual(left(sender, 'read,data.write,accounts,locks.break'), ['impersonate', 'read']);
    assert.deepEqual(left(may('read'), 'impersonate,data.write'), []);
  });

  it('are limited to those of the client: the sender keeps only the permission to impersonate', () => {
    assert.deepEqual(left(may('read', 'data.write', 'impersonate'), 'read'), ['impersonate', 'read']);
    assert.deepEqual(left(may('read', 'data.write', 'impersonate'), ''), ['impersonate']);
    assert.deepEqual(left(may('read', 'impersonate'), 'of.a.newer.gateway, read '), ['impersonate', 'read']);
  });

  it('are none if the header is too long, and all of the sender without the header', () => {
    assert.deepEqual(left(may('read', 'impersonate'), `read,${'x'.repeat(1024)}`), []);
    assert.deepEqual(left(may('read', 'impersonate')), ['impersonate', 'read']);
  });

  it('are computed for each list of permissions, whichever list was sent before', () => {
    const sender = may('read', 'locks', 'impersonate');
    assert.deepEqual(left(sender, 'read'), ['impersonate', 'read']);
    assert.deepEqual(left(sender, 'locks'), ['impersonate', 'locks']);
    assert.deepEqual(left(sender, 'read'), ['impersonate', 'read']);
  });
});
