import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, it } from 'node:test';
import type { JSONWebKeySet, JWK } from 'jose';
import { type Credential, isRefusal, type ProviderGrant, type Refusal } from '../index.ts';
import { rolesOf } from '../role/configured-roles.ts';
import { accountStage } from '../testing/account-stage.ts';
import type { ProviderOptions } from './provider.ts';
import { providerTokens } from './provider-token.ts';

const ISSUER = 'https://login.example.com/realms/robots';
const AUDIENCE = 'medkit';
const NOW_SEC = Date.UTC(2026, 10, 24) / 1000;
const ROLES = rolesOf({ technician: { extends: 'operator', deny: ['data.write'] } });

const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ED = generateKeyPairSync('ed25519');
const STRANGER = generateKeyPairSync('rsa', { modulusLength: 2048 });

const jwk = (key: KeyObject, kid: string): JWK => ({ ...(key.export({ format: 'jwk' }) as JWK), kid, use: 'sig' });
const KEYS: JSONWebKeySet = { keys: [jwk(RSA.publicKey, 'rsa'), jwk(EC.publicKey, 'ec'), jwk(ED.publicKey, 'ed')] };

type Part = Readonly<Record<string, unknown>>;
type Signer = (body: string) => string;

const byRsa =
  (key: KeyObject): Signer =>
  (body) =>
    sign('sha256', Buffer.from(body), key).toString('base64url');
const byPss: Signer = (body) =>
  sign('sha256', Buffer.from(body), { key: RSA.privateKey, padding: 6, saltLength: 32 }).toString('base64url');
const byEc: Signer = (body) =>
  sign('sha256', Buffer.from(body), { key: EC.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url');
const byEd: Signer = (body) => sign(null, Buffer.from(body), ED.privateKey).toString('base64url');

const encoded = (part: Part): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** Returns a genuine token, except for the given header members and claims. */
function tokenOf(header: Part = {}, claims: Part = {}, signer: Signer = byRsa(RSA.privateKey)): string {
  const ofAlice = { iss: ISSUER, aud: AUDIENCE, sub: 'alice', iat: NOW_SEC, exp: NOW_SEC + 600, groups: ['ops'] };
  const body = `${encoded({ alg: 'RS256', typ: 'at+jwt', kid: 'rsa', ...header })}.${encoded({ ...ofAlice, ...claims })}`;
  return `${body}.${signer(body)}`;
}

const GRANT_MAP = new Map<string, ProviderGrant>([
  ['berlin-ops', { role: 'operator', site: 'berlin' }],
  ['berlin-crew', { role: 'operator', site: 'berlin' }],
  ['ulm-readers', { role: 'viewer', site: 'ulm', group: 'night' }],
  ['gone', { role: 'removed', site: 'bonn' }],
  ...Array.from({ length: 33 }, (_, at) => [`site-${at}`, { role: 'viewer', site: `s${at}` }] as const),
]);

async function stageOf(options: Partial<ProviderOptions> = {}) {
  const requests = { current: 0, newer: 0 };
  const stage = await accountStage({ roles: ROLES });
  const provider = providerTokens({
    issuer: ISSUER,
    audience: AUDIENCE,
    roleClaim: 'groups',
    roleMap: new Map([
      ['ops', 'operator'],
      ['readers', 'viewer'],
      ['techs', 'technician'],
      ['保守担当', 'admin'],
      ['Café', 'viewer'],
    ]),
    grantMap: GRANT_MAP,
    keys: {
      current: async () => {
        requests.current += 1;
        return KEYS;
      },
      newer: async () => {
        requests.newer += 1;
        return KEYS;
      },
    },
    ...options,
    ...{ roles: ROLES, clock: stage.clock },
  });
  const opened = await stage.reopen({ provider });
  const { accounts } = opened;
  /** Returns id and role of the holder of a token, or why it is refused. */
  const holder = async (text: string): Promise<string> => {
    const credential: Credential | Refusal = await accounts.identify(text);
    const principal = isRefusal(credential) ? credential : accounts.principalOf(credential);
    return isRefusal(principal) ? principal.refused : `${principal.id} ${principal.role}`;
  };
  return { ...opened, holder, requests };
}

const ALICE = 'oidc:login.example.com:realms:robots:alice operator';

describe('a token of the identity provider', () => {
  it('identifies the account by issuer and subject, with the role of its group', async () => {
    const { accounts, holder, requests } = await stageOf();
    const token = tokenOf();
    assert.equal(await holder(token), ALICE);
    const credential = accounts.identify(token);
    assert.ok(!(credential instanceof Promise) && !isRefusal(credential), 'a verified token is cached');
    const principal = accounts.principalOf(credential);
    assert.ok(!isRefusal(principal));
    assert.deepEqual(
      [principal.kind, principal.account, principal.permissions],
      ['oidc', { issuer: ISSUER, subject: 'alice' }, ROLES.permissionsOf('operator')],
    );
    assert.equal(accounts.principalOf(credential), principal);
    assert.equal(requests.current, 1);
  });

  describe('with groups that have grants', () => {
    const principalOf = async (groups: readonly string[]) => {
      const { accounts } = await stageOf();
      const credential = await accounts.identify(tokenOf({}, { groups }));
      const principal = isRefusal(credential) ? credential : accounts.principalOf(credential);
      assert.ok(!isRefusal(principal));
      return principal;
    };

    it('has the role of each at its robots; equal grants count once', async () => {
      const { role, scopes, permissions } = await principalOf(['ulm-readers', 'berlin-crew', 'berlin-ops', 'gone']);
      const [operator, viewer] = [ROLES.permissionsOf('operator'), ROLES.permissionsOf('viewer')];
      assert.deepEqual(scopes, [
        [
          { role: 'operator', site: 'berlin', permissions: operator },
          { role: 'removed', site: 'bonn', permissions: new Set() },
          { role: 'viewer', site: 'ulm', group: 'night', permissions: viewer },
        ],
      ]);
      assert.deepEqual([role, permissions], ['operator', operator]);
    });

    it('has the whole fleet with a role of the role map', async () => {
      const { role, scopes } = await principalOf(['berlin-ops', 'readers']);
      assert.deepEqual([role, scopes], ['viewer', []]);
    });

    it('is refused with too many grants', async () => {
      const { holder } = await stageOf();
      const groups = Array.from({ length: 33 }, (_, at) => `site-${at}`);
      assert.equal(await holder(tokenOf({}, { groups: groups.slice(1) })), ALICE.replace('operator', 'viewer'));
      assert.equal(await holder(tokenOf({}, { groups })), 'too-many-grants');
    });
  });

  const algorithms: readonly (readonly [Part, Signer])[] = [
    [{ alg: 'PS256' }, byPss],
    [{ alg: 'ES256', kid: 'ec' }, byEc],
    [{ alg: 'EdDSA', kid: 'ed' }, byEd],
    [{ alg: 'RS256', kid: undefined, typ: 'JWT' }, byRsa(RSA.privateKey)],
    [{ typ: 'application/at+jwt' }, byRsa(RSA.privateKey)],
  ];
  for (const [header, signer] of algorithms) {
    it(`is accepted with the header ${JSON.stringify(header)}`, async () => {
      const { holder } = await stageOf();
      assert.equal(await holder(tokenOf(header, {}, signer)), ALICE);
    });
  }

  const publicKey = RSA.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const withSecret: Signer = (body) => createHmac('sha256', publicKey).update(body).digest('base64url');
  const otherBody: Signer = () => tokenOf().split('.')[2] as string;
  const attacks: readonly (readonly [string, string, string])[] = [
    ['not signed', tokenOf({ alg: 'none' }, {}, () => 'AA'), 'algorithm'],
    ['not signed, in capitals', tokenOf({ alg: 'NONE' }, {}, () => 'AA'), 'algorithm'],
    ['signed with the public key as a secret', tokenOf({ alg: 'HS256' }, {}, withSecret), 'algorithm'],
    [
      'signed by a key of its own',
      tokenOf({ jwk: jwk(STRANGER.publicKey, 'rsa') }, {}, byRsa(STRANGER.privateKey)),
      'signature',
    ],
    ['with a longer digest than allowed', tokenOf({ alg: 'RS512' }), 'algorithm'],
    ['with a changed subject', tokenOf({}, { sub: 'root' }, otherBody), 'signature'],
    ['with an unknown key id', tokenOf({ kid: '../../etc/passwd' }), 'signature'],
    ['with a key id of another type', tokenOf({ kid: 'ec' }), 'signature'],
    ['with a critical extension', tokenOf({ crit: ['x'], x: 1 }), 'malformed'],
    ['for another service of the company', tokenOf({}, { aud: 'wiki' }), 'audience'],
    ['for an audience with this prefix', tokenOf({}, { aud: 'medkit2' }), 'audience'],
    ['without an audience', tokenOf({}, { aud: undefined }), 'audience'],
    ['that has expired', tokenOf({}, { exp: NOW_SEC - 61 }), 'expired'],
    ['without an expiry', tokenOf({}, { exp: undefined }), 'malformed'],
    ['with an expiry that is a text', tokenOf({}, { exp: '2099' }), 'malformed'],
    ['that is not valid yet', tokenOf({}, { nbf: NOW_SEC + 61 }), 'malformed'],
    ['without a subject', tokenOf({}, { sub: undefined }), 'malformed'],
    ['with an empty subject', tokenOf({}, { sub: '' }), 'malformed'],
    ['with a subject that is a number', tokenOf({}, { sub: 7 }), 'malformed'],
    ['with a line break in its subject', tokenOf({}, { sub: 'alice\nroot' }), 'malformed'],
    ['with an endless subject', tokenOf({}, { sub: 'a'.repeat(256) }), 'malformed'],
    ['of another type', tokenOf({ typ: 'refresh' }), 'wrong-type'],
    ['without a type', tokenOf({ typ: undefined }), 'wrong-type'],
    ['bound to a key of its client', tokenOf({}, { cnf: { jkt: 'x' } }), 'wrong-type'],
    ['of 10 MB', tokenOf({}, { filler: 'x'.repeat(10_000_000) }), 'malformed'],
    // Not recognised as tokens of the provider: judged as tokens of this gateway.
    ['of another issuer', tokenOf({}, { iss: 'https://login.example.com/realms/other' }), 'algorithm'],
    ['of an issuer with a slash at its end', tokenOf({}, { iss: `${ISSUER}/` }), 'algorithm'],
    ['of a list of issuers', tokenOf({}, { iss: [ISSUER] }), 'algorithm'],
  ];
  for (const [what, token, reason] of attacks) {
    it(`is refused ${what}`, async () => {
      const { holder } = await stageOf();
      assert.equal(await holder(token), reason);
      assert.equal(await holder(tokenOf()), ALICE);
    });
  }

  it('is accepted for a minute after its expiry, since clocks differ, and no longer', async () => {
    const { holder, clock } = await stageOf();
    const token = tokenOf();
    assert.equal(await holder(token), ALICE);
    clock.advance(659_000);
    assert.equal(await holder(token), ALICE);
    clock.advance(1000);
    assert.equal(await holder(token), 'expired');
  });

  it('reports a clock that is not set, instead of an expiry', async () => {
    const { holder, clock } = await stageOf();
    clock.stepWall(-Date.UTC(2026, 10, 24));
    assert.equal(await holder(tokenOf()), 'clock-not-set');
  });

  it('causes no request for keys if its header is invalid, and one attempt if its key is unknown', async () => {
    const { holder, requests } = await stageOf();
    await holder(tokenOf({ alg: 'HS256' }));
    assert.deepEqual(requests, { current: 0, newer: 0 });
    await holder(tokenOf({ kid: 'new' }));
    assert.deepEqual(requests, { current: 1, newer: 1 });
  });

  it('is accepted with a key that the provider has published meanwhile', async () => {
    const keys = { current: async () => ({ keys: KEYS.keys.slice(1) }), newer: async () => KEYS };
    const { holder } = await stageOf({ keys });
    assert.equal(await holder(tokenOf()), ALICE);
  });

  it('cannot be checked while the provider has never been reached, and tokens of the gateway still are', async () => {
    const none = async () => undefined;
    const { holder, accounts } = await stageOf({ keys: { current: none, newer: none } });
    assert.equal(await holder(tokenOf()), 'provider-unavailable');
    const granted = await accounts.tokens.grant({
      type: 'client_credentials',
      clientId: 'fleet',
      clientSecret: 'fleet:secret',
    });
    assert.ok(!isRefusal(granted));
    assert.equal(await holder(granted.accessToken), 'client:fleet operator');
  });

  it('is refused as malformed if a key of the provider is unusable', async () => {
    const keys = { keys: [{ kty: 'RSA', kid: 'rsa', n: 'AQAB', e: 'AQAB' }] };
    const { holder } = await stageOf({ keys: { current: async () => keys, newer: async () => keys } });
    assert.equal(await holder(tokenOf()), 'malformed');
  });
});

describe('the role of an account of the identity provider', () => {
  const roleFor = async (claims: Part, roleClaim = 'groups'): Promise<string> => {
    const { holder } = await stageOf({ roleClaim });
    const found = await holder(tokenOf({}, { groups: undefined, ...claims }));
    return found.split(' ')[1] ?? found;
  };
  const cases: readonly (readonly [string, Part, string, string?])[] = [
    ['is that of its group', { groups: ['x', 'readers'] }, 'viewer'],
    ['is the one with the most permissions', { groups: ['readers', 'ops', 'techs'] }, 'operator'],
    ['may come from one text', { groups: 'techs' }, 'technician'],
    ['may come from a group in any script', { groups: ['保守担当'] }, 'admin'],
    ['may come from a group in another normal form', { groups: ['Cafe\u0301'] }, 'viewer'],
    ['may be nested', { realm_access: { roles: ['ops'] } }, 'operator', 'realm_access.roles'],
    ['may be at a JSON pointer', { 'a/b': { 'c~d': ['ops'] } }, 'operator', '/a~1b/c~0d'],
    ['may be in a claim whose name is an address', { 'https://x.io/roles': ['ops'] }, 'operator', 'https://x.io/roles'],
    ['is missing without groups', {}, 'no-role'],
    ['is missing with other groups', { groups: ['admin', 'OPS', ''] }, 'no-role'],
    ['is missing with groups of other types', { groups: [7, null, ['ops'], { ops: 1 }] }, 'no-role'],
    ['is missing in a claim of another form', { groups: { ops: true } }, 'no-role'],
    ['is not inherited from the prototype', {}, 'no-role', 'constructor.name'],
    ['is unknown with too many groups', { _claim_names: { groups: 'src1' } }, 'too-many-groups'],
    ['is unknown with too many groups in an implicit flow', { hasgroups: true }, 'too-many-groups'],
    ['ignores groups after the maximum of 2,000', { groups: [...Array(2000).fill('x'), 'ops'] }, 'no-role'],
    ['reads hundreds of groups', { groups: [...Array(500).fill('x'), 'ops'] }, 'operator'],
  ];
  for (const [what, claims, role, claim] of cases) {
    it(what, async () => assert.equal(await roleFor(claims, claim), role));
  }

  it('belongs to one principal id for each subject, which fits into a header', async () => {
    const { holder } = await stageOf();
    const ids = await Promise.all(
      ['bob', '山田 太郎', 'Ωmega', 'a:b', 'a'.repeat(255)].map(
        async (sub) => (await holder(tokenOf({}, { sub }))).split(' ')[0],
      ),
    );
    assert.equal(ids[0], 'oidc:login.example.com:realms:robots:bob');
    for (const id of ids) assert.match(String(id), /^[\w.@:+-]{1,128}$/);
    assert.equal(new Set(ids).size, ids.length);
  });
});
