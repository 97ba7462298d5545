import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, describe, it } from 'node:test';
import {
  type AccountGateway,
  type AccountGatewayOptions,
  accountGateway,
  bearer,
  JWT_SECRET,
} from './account-gateway.ts';

const opened: AccountGateway[] = [];
afterEach(async () => {
  for (const gateway of opened.splice(0)) await gateway.close();
});

async function open(options: AccountGatewayOptions = {}) {
  const auth = { require_auth_for: 'all', clients: ['fleet:its-secret:operator'], ...options.changes?.auth };
  const gateway = await accountGateway({ ...options, changes: { ...options.changes, auth } });
  opened.push(gateway);
  const grantFor = async (path: string, body: object) => {
    const reply = await gateway.ask('POST', path, { body });
    return { status: reply.status, ...reply.body } as {
      status: number;
      access_token: string;
      refresh_token: string;
      error?: string;
    };
  };
  const authorize = () =>
    grantFor('/auth/authorize', { grant_type: 'client_credentials', client_id: 'fleet', client_secret: 'its-secret' });
  const refresh = (token: string) => grantFor('/auth/token', { grant_type: 'refresh_token', refresh_token: token });
  /** Returns whether a token is accepted, and the reason if not. */
  const verdictOn = async (token: string) => {
    const { status, headers } = await gateway.ask('GET', '/apps', { headers: bearer(token) });
    return status === 200 ? 'let in' : `${status} ${headers['www-authenticate']}`;
  };
  return { ...gateway, authorize, refresh, verdictOn };
}

const REFUSED = '401 Bearer realm="medkit", error="invalid_token"';
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const claimsIn = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
const headerIn = (token: string) => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());

function hs256(secret: string, header: object, claims: object): string {
  const text = `${encoded(header)}.${encoded(claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

/** Stays below the limit of wrong credentials per address. */
const BETWEEN_WRONG_MS = 3000;

describe('a forged token', () => {
  it('grants no access, whichever part is forged, and a genuine token does', async () => {
    const gateway = await open();
    const { access_token: token } = await gateway.authorize();
    const [header, claims] = [headerIn(token), claimsIn(token)];
    const signed = (moreHeader: object = {}, moreClaims: object = {}, secret = JWT_SECRET) =>
      hs256(secret, { ...header, ...moreHeader }, { ...claims, ...moreClaims });
    // Checks that the test's own tokens are valid.
    assert.equal(await gateway.verdictOn(signed()), 'let in');
    const [head, body, signature = ''] = token.split('.');
    const nowSec = Math.floor(gateway.clock.wallMs() / 1000);
    const forged: Readonly<Record<string, string>> = {
      'alg none': `${encoded({ ...header, alg: 'none' })}.${body}.`,
      'alg none with the signature': `${encoded({ ...header, alg: 'none' })}.${body}.${signature}`,
      'alg None': `${encoded({ ...header, alg: 'None' })}.${body}.${signature}`,
      'another algorithm': signed({ alg: 'HS512' }),
      'another secret': signed({}, {}, 'another secret of more than 32 characters'),
      'the empty secret': signed({}, {}, ''),
      'another issuer': signed({}, { iss: 'somebody' }),
      'no issuer': signed({}, { iss: undefined }),
      'another audience': signed({}, { aud: 'robot-02' }),
      expired: signed({}, { exp: nowSec - 1 }),
      'no end': signed({}, { exp: undefined }),
      'an end that is no number': signed({}, { exp: '9999999999' }),
      'not yet': signed({}, { nbf: nowSec + 3600 }),
      'no type': signed({ typ: undefined }),
      'type JWT': signed({ typ: 'JWT' }),
      'an unknown critical header': signed({ crit: ['x'], x: 1 }),
      'a login that there was not': signed({}, { sid: '00000000-0000-4000-8000-000000000000' }),
      'no login': signed({}, { sid: undefined }),
      'no role': signed({}, { role: undefined }),
      'a subject that is an object': signed({}, { sub: { id: 'fleet' } }),
      'permissions that are no list': signed({}, { permissions: 'accounts' }),
      'a changed role': `${head}.${encoded({ ...claims, role: 'admin' })}.${signature}`,
      'a key in its header': signed(
        { jwk: { kty: 'oct', k: Buffer.from('x'.repeat(32)).toString('base64url') } },
        {},
        'x'.repeat(32),
      ),
      'a path in its header': signed({ kid: '../../../../dev/null' }, {}, ''),
      'an address of keys in its header': signed({ jku: 'http://localhost/keys' }, {}, 'x'.repeat(32)),
      'four parts': `${token}.x`,
      'an encrypted one': `${token}.x.y`,
      'without a signature': `${head}.${body}.`,
      'cut off': token.slice(0, -2),
      'too long': `${token}${'x'.repeat(10_000)}`,
      'a space in it': `${head} .${body}.${signature}`,
    };
    for (const [what, text] of Object.entries(forged)) {
      assert.equal(await gateway.verdictOn(text), REFUSED, what);
      // Waits between attempts: faster ones would only get rate-limit replies.
      await gateway.clock.advance(BETWEEN_WRONG_MS);
    }
  });

  it('grants no more than its client may do, whatever role and permissions it names', async () => {
    const gateway = await open();
    const { access_token: token } = await gateway.authorize();
    // Only an owner of the secret can sign this: it is as valid as any other token, and grants nothing beyond the
    // configuration.
    const asAdmin = hs256(JWT_SECRET, headerIn(token), {
      ...claimsIn(token),
      role: 'admin',
      permissions: ['accounts', 'read'],
    });
    const { body } = await gateway.ask('GET', '/apps', { headers: bearer(asAdmin) });
    assert.equal(body.items.length, 1);
    assert.equal((await gateway.ask('GET', '/auth/users', { headers: bearer(asAdmin) })).status, 403);
  });

  it('cannot be signed with the public key', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'medkit-rsa-'));
    after(() => rm(folder, { recursive: true, force: true }));
    const pair = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const [privateFile, publicFile] = [join(folder, 'private.pem'), join(folder, 'public.pem')];
    await writeFile(privateFile, pair.privateKey, { mode: 0o600 });
    await writeFile(publicFile, pair.publicKey);
    const auth = { jwt_algorithm: 'RS256', jwt_secret: privateFile, jwt_public_key: publicFile };
    const gateway = await open({ changes: { auth } });
    const { access_token: token } = await gateway.authorize();
    assert.equal(headerIn(token).alg, 'RS256');
    assert.equal(await gateway.verdictOn(token), 'let in');
    const confused = { ...headerIn(token), alg: 'HS256' };
    for (const secret of [
      pair.publicKey,
      pair.publicKey.trim(),
      pair.publicKey.replaceAll(/-----[^-]+-----|\n/g, ''),
    ]) {
      assert.equal(await gateway.verdictOn(hs256(secret, confused, claimsIn(token))), REFUSED);
    }
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const text = token.split('.').slice(0, 2).join('.');
    const foreign = `${text}.${sign('sha256', Buffer.from(text), other.privateKey).toString('base64url')}`;
    assert.equal(await gateway.verdictOn(foreign), REFUSED);
  });
});

describe('a token of another gateway', () => {
  it('grants no access, though both have the same secret and the same clients', async () => {
    const [local, remote] = [await open(), await open({ instance: 'robot-02', seed: 2 })];
    const { access_token, refresh_token } = await remote.authorize();
    assert.equal(await remote.verdictOn(access_token), 'let in');
    assert.equal(await local.verdictOn(access_token), REFUSED);
    assert.deepEqual(
      [(await local.refresh(refresh_token)).status, (await remote.refresh(refresh_token)).status],
      [401, 200],
    );
  });

  it('grants no access if each gateway has a separate key', async () => {
    const auth = { jwt_secret: '' };
    const [local, remote] = [
      await open({ changes: { auth } }),
      await open({ changes: { auth }, instance: 'robot-02', seed: 2 }),
    ];
    const { access_token } = await remote.authorize();
    assert.deepEqual([headerIn(access_token).alg, claimsIn(access_token).aud], ['EdDSA', 'robot-02']);
    assert.deepEqual([await remote.verdictOn(access_token), await local.verdictOn(access_token)], ['let in', REFUSED]);
  });
});

describe('the two tokens of a login', () => {
  it('are not accepted instead of each other', async () => {
    const gateway = await open();
    const { access_token, refresh_token } = await gateway.authorize();
    assert.equal(await gateway.verdictOn(refresh_token), REFUSED);
    const { status, error } = await gateway.refresh(access_token);
    assert.deepEqual([status, error], [401, 'invalid_grant']);
    assert.equal(await gateway.verdictOn(access_token), 'let in');
  });

  it('end with the whole login if a refresh token is used a second time, also after a restart', async () => {
    const gateway = await open();
    const first = await gateway.authorize();
    const second = await gateway.refresh(first.refresh_token);
    const third = await gateway.refresh(second.refresh_token);
    const bystander = await gateway.authorize();
    assert.equal((await gateway.refresh(first.refresh_token)).status, 401);
    const ended = [first, second, third];
    const verdicts = async ({ verdictOn, refresh }: Pick<typeof gateway, 'verdictOn' | 'refresh'>) => ({
      opened: await Promise.all(ended.map(({ access_token }) => verdictOn(access_token))),
      renewed: await Promise.all(ended.map(async ({ refresh_token }) => (await refresh(refresh_token)).status)),
      bystander: await verdictOn(bystander.access_token),
    });
    const expected = { opened: [REFUSED, REFUSED, REFUSED], renewed: [401, 401, 401], bystander: 'let in' };
    assert.deepEqual(await verdicts(gateway), expected);
    await opened.pop()?.close({ keep: true });
    const again = await open({ folder: gateway.folder, seed: 2 });
    assert.deepEqual(await verdicts(again), expected);
  });

  it('stay valid across a restart until they expire, and not longer', async () => {
    const gateway = await open();
    const { access_token, refresh_token } = await gateway.authorize();
    await opened.pop()?.close({ keep: true });
    const again = await open({ folder: gateway.folder, seed: 2 });
    assert.equal(await again.verdictOn(access_token), 'let in');
    await again.clock.advance(3600_000);
    assert.equal(await again.verdictOn(access_token), REFUSED);
    const next = await again.refresh(refresh_token);
    assert.equal(await again.verdictOn(next.access_token), 'let in');
    await again.clock.advance(25 * 3600_000);
    assert.equal((await again.refresh(next.refresh_token)).status, 401);
  });

  it('are revoked together, and separately, for ever', async () => {
    const gateway = await open();
    const [one, two] = [await gateway.authorize(), await gateway.authorize()];
    assert.equal((await gateway.ask('POST', '/auth/revoke', { body: { token: one.refresh_token } })).status, 200);
    assert.equal((await gateway.ask('POST', '/auth/revoke', { body: { token: two.access_token } })).status, 200);
    for (const { verdictOn } of [gateway]) {
      assert.deepEqual([await verdictOn(one.access_token), await verdictOn(two.access_token)], [REFUSED, REFUSED]);
    }
    assert.deepEqual(
      [(await gateway.refresh(one.refresh_token)).status, (await gateway.refresh(two.refresh_token)).status],
      [401, 200],
    );
    await opened.pop()?.close({ keep: true });
    const again = await open({ folder: gateway.folder, seed: 2 });
    assert.deepEqual(
      [await again.verdictOn(one.access_token), await again.verdictOn(two.access_token)],
      [REFUSED, REFUSED],
    );
  });
});
