import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Permission } from '@medkit/contract';
import { ALL_PERMISSIONS, type Principal } from '@medkit/core';
import { forwardedClient, onBehalfOf, restrictIdentity } from './delegation.ts';
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

/** A request of a principal that names another client, or none. */
function requestOf(principal: Partial<Principal>, name?: unknown) {
  const all = { id: 'key:head', kind: 'key', role: 'custom', permissions: new Set(), scopes: [], ...principal };
  return { principal: all, headers: { 'x-medkit-on-behalf-of': name } } as Parameters<typeof onBehalfOf>[0];
}

const MAY: Partial<Principal> = { permissions: new Set<Permission>(['read', 'impersonate']) };

describe('the client that a forwarded request names', () => {
  it('is accepted from a principal that may impersonate', () => {
    assert.equal(onBehalfOf(requestOf(MAY, 'user:jan')), 'user:jan');
    assert.equal(onBehalfOf(requestOf(MAY)), undefined);
  });

  it('is ignored from a principal that may not impersonate', () => {
    assert.equal(onBehalfOf(requestOf({ permissions: new Set<Permission>(['read']) }, 'user:jan')), undefined);
  });

  it('is ignored from an unauthenticated client and from a plugin, whatever their permissions', () => {
    for (const kind of ['anonymous', 'plugin'] as const) {
      assert.equal(onBehalfOf(requestOf({ kind, permissions: ALL_PERMISSIONS }, 'user:jan')), undefined, kind);
    }
  });

  it('is ignored if it is no plain name of at most 128 characters', () => {
    for (const name of ['', 'jan smith', 'jan\n', 'x'.repeat(129), ['user:jan', 'user:eve'], 'jän']) {
      assert.equal(onBehalfOf(requestOf(MAY, name)), undefined, String(name));
    }
  });
});

describe('the client for which this gateway forwards a request', () => {
  it('is its principal, or the client that a forwarding gateway names, with the permissions here', () => {
    const permissions = new Set<Permission>(['read', 'impersonate']);
    assert.deepEqual(forwardedClient(requestOf({ id: 'user:jan', kind: 'user', permissions })), {
      name: 'user:jan',
      permissions: 'read,impersonate',
    });
    assert.equal(forwardedClient(requestOf(MAY, 'user:eve'))?.name, 'user:eve');
  });

  it('is absent only on a gateway without authentication: a guest may read there too, and nothing else', () => {
    const anonymous = { id: 'anonymous', kind: 'anonymous' } as const;
    assert.equal(forwardedClient(requestOf({ ...anonymous, permissions: ALL_PERMISSIONS })), undefined);
    const guest = { ...anonymous, permissions: new Set<Permission>(['read']) };
    assert.deepEqual(forwardedClient(requestOf(guest)), { name: 'anonymous', permissions: 'read' });
  });
});

it('permissions of an unauthenticated client are not changed by the header', () => {
  const { principal, credential } = may('read', 'locks');
  const anonymous: Identity = { principal: { ...principal, kind: 'anonymous' }, credential };
  assert.equal(restrictIdentity(asking('read'), anonymous), anonymous);
});
