import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { type TestIdentityProvider, testIdentityProvider } from '../harness/identity-provider.ts';
import { type AccountGateway, PASSWORD } from './account-gateway.ts';
import { ALICE, Browser, CALLBACK, PUBLIC_URL, providerGateway } from './provider-gateway.ts';

let provider: TestIdentityProvider;
const opened: Pick<AccountGateway, 'close'>[] = [];
before(async () => {
  provider = await testIdentityProvider(CALLBACK);
});
afterEach(async () => {
  for (const gateway of opened.splice(0)) await gateway.close();
});
after(() => provider.close());

async function open(options: Parameters<typeof providerGateway>[1] = {}) {
  const gateway = await providerGateway(provider, options);
  opened.push(gateway);
  return gateway;
}

describe('a login at the identity provider', () => {
  it('starts a session with the role of the account, and returns to the page', async () => {
    const gateway = await open();
    provider.logIn(ALICE);
    const browser = new Browser();
    const { reply } = await gateway.logIn(browser);
    assert.deepEqual([reply.status, reply.location], [303, '/robots/incidents?open=1']);
    assert.match(String(reply.headers['set-cookie']), /Max-Age=43200; HttpOnly; SameSite=Strict/);
    const { body: me } = await gateway.request(browser, '/x-medkit-me');
    const { host } = new URL(provider.issuer);
    assert.deepEqual(
      [me.principal, me.kind, me.role, me.method],
      [`oidc:${host}:alice`, 'oidc', 'operator', 'session'],
    );
    assert.equal((await gateway.request(browser, '/faults', 'DELETE')).status, 204);
    const { body: sessions } = await gateway.request(browser, '/auth/sessions');
    assert.deepEqual(
      sessions.items.map(({ user, current }: { user: string; current: boolean }) => [user, current]),
      [[me.principal, true]],
    );
  });

  it('sends the parameters that protect the login, and returns to the configured address only', async () => {
    const gateway = await open();
    const { status, location, headers } = await gateway.start(new Browser());
    const { origin, searchParams: query } = new URL(location);
    assert.deepEqual([status, origin], [303, provider.issuer]);
    assert.deepEqual(
      ['response_type', 'client_id', 'redirect_uri', 'scope', 'code_challenge_method'].map((name) => query.get(name)),
      ['code', 'medkit-pages', CALLBACK, 'openid', 'S256'],
    );
    for (const name of ['state', 'nonce', 'code_challenge']) assert.match(query.get(name) ?? '', /^[\w-]{43}$/);
    assert.match(String(headers['set-cookie']), /-oidc=[\w-]+; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/);
    for (const secret of ['state', 'nonce'])
      assert.ok(!String(headers['set-cookie']).includes(query.get(secret) ?? '?'));
  });

  it('leads to no page of another site', async () => {
    const gateway = await open();
    for (const path of [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      'incidents',
      '/a\r\nX: y',
      '/ä',
      '',
    ])
      assert.equal((await gateway.start(new Browser(), path)).status, 400, path);
    assert.equal((await gateway.start(new Browser(), `/${'x'.repeat(2000)}`)).status, 400);
    provider.logIn(ALICE);
    const browser = new Browser();
    const { location } = await gateway.request(browser, '/auth/oidc/login');
    const reply = await gateway.request(browser, await gateway.visitProvider(location));
    assert.equal(reply.location, '/robots/');
  });

  it('is refused without a role, and if the user cancels', async () => {
    const gateway = await open();
    const browser = new Browser();
    provider.logIn({ subject: 'bob', groups: ['sales'] });
    const { reply } = await gateway.logIn(browser);
    assert.equal(reply.status, 401);
    assert.match(reply.body.message, /none of its groups has a role here/);
    provider.logIn(undefined);
    const cancelled = await gateway.logIn(browser);
    assert.match(cancelled.reply.body.message, /login at the identity provider failed: access_denied/);
    assert.equal((await gateway.request(browser, '/x-medkit-me')).status, 401);
  });

  it('is refused in another browser, with a changed state or issuer, and after ten minutes', async () => {
    const gateway = await open();
    provider.logIn(ALICE);
    const browser = new Browser();
    const callback = await gateway.visitProvider((await gateway.start(browser)).location);
    const other = new Browser();
    await gateway.start(other);
    const wrong = async (path: string, by = browser) => {
      const { status, body } = await gateway.request(by, path);
      assert.equal(status, 401);
      return body.message;
    };
    assert.match(await wrong(callback, new Browser()), /not started in this browser/);
    assert.match(await wrong(callback, other), /not started in this browser/);
    assert.match(await wrong(callback.replace(/state=./, 'state=~')), /not started in this browser/);
    assert.match(await wrong(callback.replace(/&?iss=[^&]+/, '&iss=https://evil.example')), /another issuer/);
    assert.match(await wrong(callback.replace(/&?iss=[^&]+/, '')), /another issuer/);
    assert.match(await wrong(callback.replace(/code=[^&]+/, 'code=guess')), /code was not accepted/);
    gateway.clock.advance(600_000);
    assert.match(await wrong(callback), /took longer than ten minutes/);
  });

  it('shows a browser why it failed, in its language, with a link to try again', async () => {
    const gateway = await open();
    provider.logIn({ subject: 'bob', groups: ['sales'] });
    const browser = new Browser();
    const callback = await gateway.visitProvider((await gateway.start(browser)).location);
    const page = (path: string, language?: string) =>
      gateway.ask('GET', path, {
        headers: {
          ...{ cookie: browser.header, accept: 'text/html,*/*;q=0.8' },
          ...(language !== undefined && { 'accept-language': language }),
        },
      });
    const german = await page(callback, 'fr-CH, de-CH;q=0.9, en;q=0.8');
    assert.deepEqual([german.status, german.headers['content-type']], [401, 'text/html; charset=utf-8']);
    assert.match(german.text, /<html lang="de">.*Anmeldung fehlgeschlagen.*none of its groups has a role here/s);
    assert.match(german.text, /href="\/robots\/api\/v1\/auth\/oidc\/login">Erneut anmelden</);
    assert.match(String(german.headers['content-security-policy']), /default-src 'none'/);
    assert.equal(german.headers['set-cookie'], undefined);

    const hostile = '/auth/oidc/callback?state=x&error=%3Cscript%3Ealert(1)%3C/script%3E&code=%22%3E%3Cb%3E';
    const english = await page(hostile);
    assert.match(english.text, /<html lang="en">.*Login failed.*not started in this browser.*Log in again/s);
    const denied = await page(
      hostile.replace('state=x', `state=${new URLSearchParams(callback.split('?')[1]).get('state')}`),
    );
    for (const { text } of [german, english, denied]) assert.doesNotMatch(text, /<script|<b>|%3C|code=/);
    // A program still receives the error as JSON.
    assert.match((await gateway.request(browser, hostile)).body.message, /not started in this browser/);
    let last = await page(hostile);
    for (let count = 0; count < 30 && last.status !== 429; count += 1) last = await page(hostile);
    assert.deepEqual([last.status, Number(last.headers['retry-after']) > 0], [429, true]);
  });

  it('cannot be replayed, even with a copy of its cookie', async () => {
    const gateway = await open();
    provider.logIn(ALICE);
    const browser = new Browser();
    const callback = await gateway.visitProvider((await gateway.start(browser)).location);
    const copy = new Browser();
    for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
    assert.equal((await gateway.request(browser, callback)).status, 303);
    assert.match((await gateway.request(browser, callback)).body.message, /not started in this browser/);
    const replayed = await gateway.request(copy, callback);
    assert.match(replayed.body.message, /code was not accepted/);
  });

  it('is limited for an address that guesses', async () => {
    const gateway = await open();
    const statuses: number[] = [];
    for (let count = 0; count < 22; count += 1)
      statuses.push((await gateway.request(new Browser(), '/auth/oidc/callback?code=x&state=y')).status);
    assert.deepEqual([statuses[0], statuses.at(-1)], [401, 429]);
  });

  it('names issuer and subject in the audit log, without the code', async () => {
    const gateway = await open();
    provider.logIn({ subject: '山田 太郎', groups: ['robot-operators'] });
    await gateway.logIn(new Browser());
    await gateway.known.accounts.users.add({ name: 'root', role: 'admin', password: PASSWORD });
    const { cookie } = await gateway.logInByName('root');
    const { text, body } = await gateway.ask('GET', '/x-medkit-audit?operation_id=finishSingleSignOn', {
      headers: { cookie, 'sec-fetch-site': 'same-origin' },
    });
    assert.deepEqual(
      body.items.map(({ request }: { request: { notes: object } }) => request.notes),
      [{ oidc_issuer: provider.issuer, oidc_subject: '山田 太郎', role: 'operator' }],
    );
    assert.doesNotMatch(text, /code=/);
  });
});

describe('a session of an account of the identity provider', () => {
  it('is read again with the accounts, and ends at its maximum lifetime', async () => {
    const gateway = await open();
    provider.logIn(ALICE);
    const browser = new Browser();
    await gateway.logIn(browser);
    await gateway.known.reload();
    assert.equal((await gateway.request(browser, '/apps')).status, 200);
    gateway.clock.advance(6 * 3600_000);
    assert.equal((await gateway.request(browser, '/apps')).status, 200);
    gateway.clock.advance(6 * 3600_000);
    assert.equal((await gateway.request(browser, '/apps')).status, 401);
  });

  it('ends with the logout, which continues at the provider', async () => {
    const gateway = await open();
    provider.logIn(ALICE);
    const browser = new Browser();
    await gateway.logIn(browser);
    assert.equal((await gateway.request(browser, '/auth/logout', 'POST')).status, 204);
    assert.equal((await gateway.request(browser, '/x-medkit-me')).status, 401);
    const { status, location } = await gateway.request(browser, '/auth/oidc/logout');
    const { pathname, searchParams } = new URL(location);
    assert.deepEqual(
      [status, pathname, searchParams.get('client_id'), searchParams.get('post_logout_redirect_uri')],
      [303, '/session/end', 'medkit-pages', `${PUBLIC_URL}/`],
    );
  });

  it('has no password to change, and ends its other sessions', async () => {
    const gateway = await open();
    provider.logIn(ALICE);
    const [first, second] = [new Browser(), new Browser()];
    await gateway.logIn(first);
    await gateway.logIn(second);
    const headers = { cookie: first.header, 'sec-fetch-site': 'same-origin' };
    const body = { password: PASSWORD, new_password: 'seven green apples' };
    const changed = await gateway.ask('PUT', '/auth/password', { headers, body });
    assert.match(changed.body.message, /is not a user with a password/);
    assert.equal((await gateway.request(first, '/auth/sessions', 'DELETE')).status, 204);
    assert.deepEqual(
      [(await gateway.request(first, '/apps')).status, (await gateway.request(second, '/apps')).status],
      [200, 401],
    );
  });
});

describe('a gateway that is no client of the provider', () => {
  it('offers no login there', async () => {
    const gateway = await open({ clientId: '' });
    for (const path of ['login', 'callback?code=x&state=y', 'logout']) {
      const { status, body } = await gateway.request(new Browser(), `/auth/oidc/${path}`);
      assert.equal(status, 501);
      assert.match(body.message, /set auth.oidc.client_id/);
    }
  });
});
