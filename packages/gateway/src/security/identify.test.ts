import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Permission } from '@medkit/contract';
import { GATEWAY, type Principal } from '@medkit/core';
import { seededRandom } from '@medkit/edges';
import { type KnownAccounts, openPrincipals } from './identify.ts';
import type { Identity, RequestSender } from './identity.ts';

const KEY: Principal = {
  id: 'key:head',
  kind: 'key',
  role: 'custom',
  permissions: new Set<Permission>(['read', 'locks', 'impersonate']),
  scopes: [],
};
const TICKET = { kind: 'key', id: 'ticket' } as const;

/** Accounts with the key `good` and with the ticket `once` for the path `/stream`. */
function accountsWith(parts: Partial<KnownAccounts['accounts']> = {}): KnownAccounts {
  return {
    accounts: {
      identify: (text) => (text === 'good' ? { kind: 'key', id: 'head' } : { refused: 'unknown' }),
      identifySession: () => ({ refused: 'unknown' }),
      principalOf: () => KEY,
      onChange: () => () => undefined,
      touch: () => undefined,
      ...parts,
    },
    tickets: { redeem: (ticket, path) => (ticket === 'once' && path === '/stream' ? TICKET : undefined) },
    requiredFor: 'all',
    cookieName: 'medkit-robot',
  };
}

function opened(options: Partial<Parameters<typeof openPrincipals>[0]> = {}) {
  const principals = openPrincipals({ token: '', random: seededRandom(1), ...options });
  const identify = (sender: Partial<RequestSender>) =>
    principals.identify({ method: 'GET', url: '/', headers: {}, ...sender }) as Identity;
  return { principals, identify };
}

describe('a gateway', () => {
  it('without token and accounts grants every permission to every client', () => {
    assert.equal(opened().identify({}).principal.role, 'admin');
  });

  it('with a token grants nothing to a client without it', () => {
    const { identify } = opened({ token: 'a-long-enough-secret' });
    assert.equal(identify({}).principal.permissions.size, 0);
    assert.equal(identify({ headers: { authorization: 'Bearer wrong' } }).principal.permissions.size, 0);
    const { principal } = identify({ headers: { authorization: 'Bearer a-long-enough-secret' } });
    assert.equal(principal.id, 'server.token');
  });

  it('with a token for metrics permits its sender only those, and no other client without a credential', () => {
    const metrics = { authorization: 'Bearer a-token-of-a-scraper' };
    for (const token of ['', 'a-long-enough-secret']) {
      const { principals, identify } = opened({ token, metricsToken: 'a-token-of-a-scraper' });
      const { principal, credential } = identify({ headers: metrics });
      assert.deepEqual([principal.id, ...principal.permissions], ['metrics.token', 'metrics']);
      assert.equal(principals.current(credential), principal);
      assert.equal(identify({}).principal.permissions.has('metrics'), false);
      assert.equal(identify({}).principal.permissions.has('read'), token === '');
    }
    const guest = opened({ metricsToken: 'a-token-of-a-scraper', known: { ...accountsWith(), requiredFor: 'write' } });
    assert.deepEqual([...guest.identify({}).principal.permissions], ['self', 'read', 'files.read']);
    assert.equal(guest.identify({ method: 'POST' }).principal.permissions.size, 0);
  });

  it('restricts a forwarded request to the permissions that the header names', () => {
    const headers = {
      authorization: 'Bearer good',
      'x-medkit-on-behalf-of': 'user:jan',
      'x-medkit-permissions': 'read',
    };
    const { principal } = opened({ known: accountsWith() }).identify({ headers });
    assert.deepEqual([...principal.permissions].sort(), ['impersonate', 'read']);
  });
});

describe('an admitted principal', () => {
  it('is identified until it is dismissed; its streams are then checked', () => {
    const { principals, identify } = opened({ token: 'a-long-enough-secret' });
    const authorization = principals.admit(GATEWAY);
    const { principal, credential } = identify({ headers: { authorization } });
    assert.equal(principal, GATEWAY);
    let checks = 0;
    principals.onDismissal(() => checks++);
    principals.dismiss(authorization);
    assert.equal(checks, 1);
    assert.deepEqual(principals.current(credential), { refused: 'revoked' });
    assert.equal(identify({ headers: { authorization } }).principal.permissions.size, 0);
  });
});

describe('a ticket in the URL', () => {
  const { identify } = opened({ known: accountsWith() });

  it('identifies a GET of the path for which it was issued', () => {
    assert.equal(identify({ url: '/stream?ticket=once' }).principal, KEY);
    assert.equal(identify({ url: '/other?ticket=once' }).principal.permissions.size, 0);
  });

  it('identifies no request that changes something', () => {
    assert.equal(identify({ method: 'POST', url: '/stream?ticket=once' }).principal.permissions.size, 0);
  });
});
