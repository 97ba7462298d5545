import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { MemoryFiles } from '@medkit/edges/testing';
import { loadConfig } from '../../packages/gateway/src/config/index.ts';
import { type AccountGateway, accountGateway, bearer, PASSWORD } from './account-gateway.ts';

/** Formatted like ros2_medkit's parameter files. */
const parameters = (auth: string) => `
ros2_medkit_gateway:
  ros__parameters:
    auth:
      enabled: true
      jwt_secret: "a_secret_for_tests_that_is_long_enough_12345"
      jwt_public_key: ""
      jwt_algorithm: "HS256"
      token_expiry_seconds: 3600
      refresh_token_expiry_seconds: 86400
      require_auth_for: "write"
      issuer: "ros2_medkit_gateway"
      clients: ["admin:admin_secret:admin", "operator:operator_secret:operator", "viewer:viewer_secret:viewer", "configurator:configurator_secret:configurator"]
${auth}
`;

const opened: AccountGateway[] = [];
afterEach(async () => {
  for (const gateway of opened.splice(0)) await gateway.close();
});

/** The last of repeated settings applies. */
async function open(auth: Readonly<Record<string, string>> = {}, yaml = parameters('')) {
  const file = '/robot/gateway_params.yaml';
  const flags = { config: file, set: Object.entries(auth).map(([name, value]) => `auth.${name}=${value}`) };
  const folders = { environment: {}, home: '/home/ada', working: '/' };
  const { config, notices } = await loadConfig({ files: new MemoryFiles({ [file]: yaml }), folders, flags });
  const gateway = await accountGateway({ changes: { auth: config.auth } });
  opened.push(gateway);
  const post = (path: string, body: unknown, headers = {}) => gateway.ask('POST', path, { body, headers });
  const form = (path: string, fields: Readonly<Record<string, string>>) =>
    gateway.ask('POST', path, {
      body: String(new URLSearchParams(fields)),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  const credentials = (id: string, secret = `${id}_secret`) => ({
    grant_type: 'client_credentials',
    client_id: id,
    client_secret: secret,
  });
  const tokensOf = async (id: string) => (await post('/auth/authorize', credentials(id))).body;
  const status = async (method: string, path: string, token?: string, body?: object) =>
    (await gateway.ask(method, path, { ...(token && { headers: bearer(token) }), ...(body && { body }) })).status;
  return { ...gateway, notices, post, form, credentials, tokensOf, status };
}

type Opened = Awaited<ReturnType<typeof open>>;

describe('the requests for tokens that ros2_medkit gives as examples', () => {
  it('get tokens for a secret, as JSON and as a form', async () => {
    const { post, form, credentials } = await open();
    for (const reply of [
      await post('/auth/authorize', credentials('admin')),
      await form('/auth/authorize', credentials('admin')),
    ]) {
      const { access_token, refresh_token, ...others } = reply.body;
      assert.deepEqual([reply.status, others], [200, { token_type: 'Bearer', expires_in: 3600, scope: 'admin' }]);
      assert.match(`${access_token} ${refresh_token}`, /^[\w-]+\.[\w-]+\.[\w-]+ [\w-]+\.[\w-]+\.[\w-]+$/);
      assert.equal(reply.headers['cache-control'], 'no-store');
    }
  });

  it('get the next access token, and with auth.refresh_rotation: false the same refresh token again and again', async () => {
    for (const rotation of [true, false]) {
      const { post, tokensOf } = await open({ refresh_rotation: String(rotation) });
      const { refresh_token } = await tokensOf('operator');
      const body = { grant_type: 'refresh_token', refresh_token };
      const first = await post('/auth/token', body);
      assert.deepEqual([first.status, first.body.scope, first.body.token_type], [200, 'operator', 'Bearer']);
      assert.equal(first.body.refresh_token === refresh_token, !rotation);
      const second = await post('/auth/token', body);
      // The one deliberate difference: a reused refresh token counts as stolen.
      assert.equal(second.status, rotation ? 401 : 200);
    }
  });

  it('revoke a refresh token with its access tokens, and answer alike for an unknown one', async () => {
    const { post, tokensOf, status } = await open();
    const { access_token, refresh_token } = await tokensOf('admin');
    assert.equal(await status('DELETE', '/faults', access_token), 204);
    for (const token of [refresh_token, refresh_token, 'nonsense']) {
      const { status: code, body } = await post('/auth/revoke', { token });
      assert.deepEqual([code, body], [200, { status: 'revoked' }]);
    }
    assert.equal(await status('DELETE', '/faults', access_token), 401);
    const { status: code, body } = await post('/auth/token', { grant_type: 'refresh_token', refresh_token });
    assert.deepEqual([code, body.error], [401, 'invalid_grant']);
  });

  it('get the same answer for a wrong secret and an unknown client', async () => {
    const { post, credentials } = await open();
    const wrong = await post('/auth/authorize', credentials('admin', 'wrong_password'));
    const unknown = await post('/auth/authorize', credentials('nonexistent_user', 'secret'));
    assert.deepEqual([wrong.status, wrong.body.error, unknown.status], [401, 'invalid_client', 401]);
    assert.deepEqual(wrong.body, unknown.body);
  });

  it('get the error that password grants are unsupported, as long as there are only clients', async () => {
    const { post, accounts } = await open();
    const body = { grant_type: 'password', username: 'admin', password: 'secret' };
    const refused = await post('/auth/authorize', body);
    assert.deepEqual([refused.status, refused.body.error], [400, 'unsupported_grant_type']);
    await accounts.users.add({ name: 'alice', role: 'operator', password: PASSWORD });
    const granted = await post('/auth/authorize', { ...body, username: 'alice', password: PASSWORD });
    assert.deepEqual([granted.status, granted.body.scope], [200, 'operator']);
  });
});

describe('a token request of another form', () => {
  it('is answered with its problem, in the terms of OAuth', async () => {
    const { post, form, ask, credentials, tokensOf } = await open();
    const { access_token } = await tokensOf('viewer');
    const { client_secret: _, ...incomplete } = credentials('admin');
    const text = { headers: { 'content-type': 'text/plain' }, body: 'grant_type=client_credentials' };
    const json = { headers: { 'content-type': 'application/json' }, body: '{"grant_type":' };
    const cases: readonly (readonly [string, Awaited<ReturnType<Opened['ask']>>, number, string])[] = [
      ['no JSON', await ask('POST', '/auth/authorize', json), 400, 'invalid_request'],
      ['another type', await ask('POST', '/auth/authorize', text), 400, 'invalid_request'],
      ['no grant type', await post('/auth/authorize', {}), 400, 'invalid_request'],
      ['no secret', await post('/auth/authorize', incomplete), 400, 'invalid_request'],
      [
        'a secret that is no text',
        await post('/auth/authorize', { ...incomplete, client_secret: {} }),
        400,
        'invalid_request',
      ],
      ['another grant', await post('/auth/authorize', { grant_type: 'implicit' }), 400, 'unsupported_grant_type'],
      [
        'a refresh where one logs in',
        await post('/auth/authorize', { grant_type: 'refresh_token', refresh_token: 'x' }),
        400,
        'unsupported_grant_type',
      ],
      ['a login where one refreshes', await post('/auth/token', credentials('admin')), 400, 'unsupported_grant_type'],
      ['no refresh token', await post('/auth/token', { grant_type: 'refresh_token' }), 400, 'invalid_request'],
      [
        'one that is none',
        await post('/auth/token', { grant_type: 'refresh_token', refresh_token: 'nonsense' }),
        401,
        'invalid_grant',
      ],
      [
        'an access token',
        await post('/auth/token', { grant_type: 'refresh_token', refresh_token: access_token }),
        401,
        'invalid_grant',
      ],
      ['nothing to revoke', await post('/auth/revoke', {}), 400, 'invalid_request'],
      ['a form without fields', await form('/auth/authorize', {}), 400, 'invalid_request'],
    ];
    for (const [what, { status, body }, expected, error] of cases) {
      assert.deepEqual([status, body.error, typeof body.error_description], [expected, error, 'string'], what);
    }
  });

  it('is accepted under the names of the standard, too', async () => {
    const { post, credentials, status } = await open();
    for (const path of ['/authorize', '/token']) {
      const { body } = await post(path, credentials('operator'));
      assert.equal(await status('DELETE', '/faults', body.access_token), 204, path);
      const renewed = await post('/token', { grant_type: 'refresh_token', refresh_token: body.refresh_token });
      assert.equal(renewed.status, 200, path);
    }
  });

  it('does not exist if accounts are off, which is reported in the same terms', async () => {
    const { testGateway } = await import('../../packages/gateway/src/testing/test-gateway.ts');
    const { app } = await testGateway();
    for (const path of ['authorize', 'token', 'revoke']) {
      const reply = await app.inject({ method: 'POST', url: `/api/v1/auth/${path}`, payload: {} });
      const expected = { error: 'resource-not-found', error_description: 'Authentication is not enabled' };
      assert.deepEqual([reply.statusCode, reply.json()], [404, expected]);
    }
    await app.close();
  });
});

describe('the roles of ros2_medkit, with auth.require_auth_for', () => {
  const CLEAR = ['DELETE', '/faults'] as const;
  const CONFIGURE = ['PUT', '/apps/arm/logs/configuration'] as const;
  const SHUT_DOWN = ['PUT', '/apps/arm/status/shutdown'] as const;

  it('write: reading needs no credential, and a change needs a role that permits it', async () => {
    const gateway = await open();
    const { ask, status, tokensOf } = gateway;
    assert.deepEqual([await status('GET', '/apps'), await status('GET', '/health')], [200, 200]);
    const refused = await ask('DELETE', '/faults');
    assert.deepEqual([refused.status, refused.body.error_code], [401, 'unauthorized']);
    assert.equal(refused.headers['www-authenticate'], 'Bearer realm="medkit"');
    const verdicts: Record<string, readonly number[]> = {};
    for (const role of ['viewer', 'operator', 'configurator', 'admin']) {
      const { access_token: token } = await tokensOf(role);
      verdicts[role] = [
        await status(...CLEAR, token),
        await status(...CONFIGURE, token, { max_entries: 5 }),
        await status(...SHUT_DOWN, token),
        await status('DELETE', '/apps/nobody/faults', token),
        await status('GET', '/auth/users', token),
      ];
    }
    // 404 and 501 show that the request passed authorization.
    assert.deepEqual(verdicts, {
      viewer: [403, 403, 403, 403, 403],
      operator: [204, 403, 403, 404, 403],
      configurator: [204, 204, 501, 404, 403],
      admin: [204, 204, 501, 404, 200],
    });
    const { access_token } = await tokensOf('viewer');
    const reply = await ask('DELETE', '/faults', { headers: bearer(access_token) });
    assert.equal(reply.headers['www-authenticate'], 'Bearer realm="medkit", error="insufficient_scope"');
    const roles = ['operator', 'configurator', 'admin'];
    assert.deepEqual(reply.body.parameters, { permission: 'faults.clear', role: 'viewer', roles });
  });

  it('all: everything except login and liveness requires a token; none: nothing does', async () => {
    const all = await open({ require_auth_for: 'ALL' });
    assert.deepEqual([await all.status('GET', '/apps'), await all.status('GET', '/health')], [401, 200]);
    const { access_token } = await all.tokensOf('viewer');
    assert.equal(await all.status('GET', '/apps', access_token), 200);
    const tampered = `${access_token.slice(0, -4)}AAAA`;
    assert.equal(await all.status('GET', '/apps', tampered), 401);
    const none = await open({ require_auth_for: 'none' });
    assert.deepEqual([await none.status('GET', '/apps'), await none.status(...CLEAR)], [200, 204]);
    assert.equal((await none.tokensOf('viewer')).scope, 'viewer');
  });

  it('accepts values in any case, and skips an invalid entry with a log line that contains no secret', async () => {
    const yaml = `ros2_medkit_gateway:
  ros__parameters:
    auth:
      enabled: true
      jwt_algorithm: hs256
      jwt_secret: a_secret_for_tests_that_is_long_enough_12345
      require_auth_for: Write
      clients: ["odd:a:secret:with:colons:Operator", "no-secret::viewer", "", "bad:canary-secret:pilot", "odd:twice:admin"]
`;
    const { post, credentials, lines } = await open({}, yaml);
    const { status, body } = await post('/auth/authorize', credentials('odd', 'a:secret:with:colons'));
    assert.deepEqual([status, body.scope], [200, 'operator']);
    const problems = lines.filter((line) => line.startsWith('auth.clients['));
    assert.deepEqual([problems.length, problems.join().includes('canary')], [3, false]);
  });
});

describe('a contradictory configuration of ros2_medkit', () => {
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
    ['a short secret', { jwt_secret: 'short' }, /auth\.jwt_secret has 5 characters/],
    ['refresh tokens that end before', { refresh_token_expiry_seconds: '60' }, /refresh_token_expiry_seconds/],
    ['no time at all', { token_expiry_seconds: '0' }, /token_expiry_seconds/],
    ['an algorithm of its own', { jwt_algorithm: 'none' }, /jwt_algorithm/],
    ['RS256 without a public key', { jwt_algorithm: 'RS256', jwt_secret: '/no/such/file' }, /cannot read a key from/],
    ['another mode', { require_auth_for: 'some' }, /require_auth_for/],
  ];
  for (const [what, auth, reason] of cases) {
    it(`starts no gateway: ${what}`, async () => {
      await assert.rejects(open(auth), (error) => reason.test(String((error as Error).message)));
    });
  }
});
