import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { type KnownAccounts, openPrincipals } from './identify.ts';
import type { Identity } from './identity.ts';

const known: KnownAccounts = {
  accounts: {
    identify: () => ({ refused: 'unknown' }),
    identifySession: () => ({ refused: 'unknown' }),
    principalOf: () => ({ refused: 'revoked' }),
    onChange: () => () => undefined,
    touch: () => undefined,
  },
  tickets: { redeem: () => undefined },
  requiredFor: 'write',
  cookieName: 'medkit-robot',
};

describe('a gateway whose readers need no credential', () => {
  const { identify } = openPrincipals({ token: '', random: seededRandom(1), known });
  const permissionsFor = (method: string, headers = {}) => {
    const { principal } = identify({ method, url: '/', headers }) as Identity;
    return [...principal.permissions].join(' ');
  };

  it('lets a reading request only read, and grants a changing request no permission', () => {
    const methods = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE', 'PATCH'];
    assert.deepEqual(
      methods.map((method) => `${method} ${permissionsFor(method)}`.trim()),
      [
        'GET self read files.read metrics',
        'HEAD self read files.read metrics',
        'OPTIONS self read files.read metrics',
        ...['POST', 'PUT', 'DELETE', 'PATCH'],
      ],
    );
  });

  it('grants the same to a request with an unknown key', () => {
    const headers = { authorization: 'Bearer nonsense' };
    assert.equal(permissionsFor('DELETE', headers), '');
    assert.equal(permissionsFor('GET', headers), 'self read files.read metrics');
  });
});
