import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { type TestIdentityProvider, testIdentityProvider } from '../harness/identity-provider.ts';
import { type AccountGateway, PASSWORD } from './account-gateway.ts';
import { ALICE, Browser, CALLBACK, providerGateway } from './provider-gateway.ts';

const MINUTE_MS = 60_000;
/** The time limit of a request to the provider is 5 s. */
const QUICK_MS = 2500;

let provider: TestIdentityProvider;
const opened: Pick<AccountGateway, 'close'>[] = [];
before(async () => {
  provider = await testIdentityProvider(CALLBACK);
});
after(() => provider.close());
afterEach(async () => {
  for (const gateway of opened.splice(0)) await gateway.close();
});

async function openGateway(oidc: object = {}, at = provider) {
  const gateway = await providerGateway(at, { oidc: { refresh: true, ...oidc } });
  opened.push(gateway);
  /** Logs alice in with a new browser; returns its refresh token. */
  const begin = async () => {
    const browser = new Browser();
    at.logIn(ALICE);
    const { reply } = await gateway.logIn(browser);
    assert.equal(reply.status, 303, reply.text);
    return { browser, token: at.refreshTokens().at(-1) ?? '' };
  };
  const logOut = async (browser: Browser) => {
    const startMs = performance.now();
    const { status } = await gateway.request(browser, '/auth/logout', 'POST');
    assert.equal(status, 204);
    assert.equal((await gateway.request(browser, '/x-medkit-me')).status, 401);
    return performance.now() - startMs;
  };
  const pass = (minutes: number) => gateway.clock.advanceAsync(minutes * MINUTE_MS, MINUTE_MS);
  return { ...gateway, begin, logOut, pass };
}

/** Waits until a refresh token is refused. The question uses the token, so that the request of the gateway comes first. */
async function assertRevoked(token: string, { requests }: { readonly requests: number }, at = provider): Promise<void> {
  await eventually('the request of the gateway', async () => at.revocations() >= requests);
  assert.equal(await at.isUsable(token), false);
}

describe('the refresh token of a session is revoked', () => {
  it('at the logout, and no token of another session', async () => {
    const { begin, logOut } = await openGateway();
    const [one, other] = [await begin(), await begin()];
    const requests = provider.revocations() + 1;
    await logOut(one.browser);
    await assertRevoked(one.token, { requests });
    assert.equal(await provider.isUsable(other.token), true);
  });

  it('if an administrator ends it', async () => {
    const { accounts, ask, begin, logInByName } = await openGateway();
    await accounts.users.add({ name: 'root', role: 'admin', password: PASSWORD });
    const { token } = await begin();
    const { cookie } = await logInByName('root');
    const headers = { cookie, 'sec-fetch-site': 'same-origin' };
    const { body } = await ask('GET', '/auth/sessions', { headers });
    const { id } = body.items.find(({ user }: { readonly user: string }) => user.includes('alice'));
    const requests = provider.revocations() + 1;
    assert.equal((await ask('DELETE', `/auth/sessions/${id}`, { headers })).status, 204);
    await assertRevoked(token, { requests });
  });

  it('when it expires, with the token of the last renewal', async () => {
    const { begin, pass } = await openGateway({ session_life_sec: 20 * 60 });
    const { token } = await begin();
    const requests = provider.revocations() + 1;
    await pass(16);
    await eventually('the renewal', async () => provider.refreshTokens().at(-1) !== token);
    const last = provider.refreshTokens().at(-1) ?? '';
    await pass(5);
    await assertRevoked(last, { requests });
  });

  it('if its account has lost its groups', async () => {
    const { begin, pass } = await openGateway();
    const { token } = await begin();
    provider.logIn({ ...ALICE, groups: ['sales'] });
    // The token of the session, and the token that the renewal returned.
    const requests = provider.revocations() + 2;
    await pass(16);
    await eventually('the renewal', async () => provider.refreshTokens().at(-1) !== token);
    await assertRevoked(provider.refreshTokens().at(-1) ?? '', { requests });
  });

  it('by its provider alone: without a revocation endpoint, it is only deleted', async () => {
    const other = await testIdentityProvider(CALLBACK, { revocation: false });
    try {
      const { begin, lines, logOut, pass } = await openGateway({}, other);
      const { browser, token } = await begin();
      await logOut(browser);
      await pass(3);
      assert.deepEqual([other.revocations(), await other.isUsable(token)], [0, true]);
      assert.doesNotMatch(lines.join('\n'), /revoked|stay valid/);
    } finally {
      await other.close();
    }
  });
});

describe('a logout takes no longer', () => {
  it('if the provider is away, which revokes the token when it returns', async () => {
    const { begin, lines, logOut, pass } = await openGateway();
    const { browser, token } = await begin();
    const requests = provider.revocations() + 1;
    await provider.suspend();
    assert.ok((await logOut(browser)) < QUICK_MS);
    await eventually('the warning', async () => /cannot be revoked at \S+ yet/.test(lines.join('\n')));
    assert.ok(!lines.join().includes(token));
    await provider.resume();
    await pass(2);
    await assertRevoked(token, { requests });
  });

  it('if the provider does not reply', async () => {
    const { begin, logOut, pass } = await openGateway();
    const [one, two] = [await begin(), await begin()];
    const requests = provider.revocations() + 2;
    const stalled = provider.stall();
    assert.ok((await logOut(one.browser)) < QUICK_MS);
    assert.ok((await logOut(two.browser)) < QUICK_MS);
    await eventually('a request', async () => stalled.received().length > 0);
    assert.deepEqual(stalled.received(), ['/token/revocation'], 'one at a time');
    stalled.end();
    await eventually('both', async () => {
      await pass(1);
      return provider.revocations() >= requests;
    });
    for (const { token } of [one, two]) await assertRevoked(token, { requests });
  });
});
