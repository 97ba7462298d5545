import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import { cookieIn, cookieNameOf, sessionCookie, sessionIn } from './session-cookie.ts';

const NAME = 'medkit-robot7';

/** Returns the session of a request, or the code of its refusal. */
function sessionOf(method: string, headers: Readonly<Record<string, string>>): string | undefined {
  try {
    return sessionIn({ method, url: '/api/v1/apps', headers: { cookie: `${NAME}=abc`, ...headers } }, NAME);
  } catch (error) {
    assert.ok(error instanceof SovdError);
    return error.code;
  }
}

describe('the session cookie', () => {
  it('is sent only to this origin, and is invisible to scripts', () => {
    assert.equal(sessionCookie(NAME, 'abc', 60), `${NAME}=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Strict`);
  });

  it('of a gateway with TLS is bound to its host, and never sent without TLS', () => {
    const name = cookieNameOf('robot7', true);
    assert.equal(name, '__Host-medkit-robot7');
    assert.match(sessionCookie(name, 'abc', 60), /; Secure$/);
    assert.equal(cookieNameOf('robot 7;x=y', false), 'medkit-robot7xy');
  });

  it('is found by its whole name', () => {
    assert.equal(cookieIn(`other=1; ${NAME}=abc; ${NAME}2=def`, NAME), 'abc');
    assert.equal(cookieIn(`evil${NAME}=abc`, NAME), undefined);
    assert.equal(cookieIn(undefined, NAME), undefined);
    assert.equal(cookieIn(`${NAME}=abc; x=${'y'.repeat(16_384)}`, NAME), undefined);
  });
});

describe('a request with a session', () => {
  it('may read, whichever page caused it', () => {
    assert.equal(sessionOf('GET', { 'sec-fetch-site': 'cross-site' }), 'abc');
    assert.equal(sessionOf('HEAD', {}), 'abc');
  });

  it('may change something if a page of this origin or the user caused it', () => {
    assert.equal(sessionOf('POST', { 'sec-fetch-site': 'same-origin' }), 'abc');
    assert.equal(sessionOf('POST', { 'sec-fetch-site': 'none' }), 'abc');
    assert.equal(sessionOf('POST', { origin: 'https://robot.lan:8080', host: 'robot.lan:8080' }), 'abc');
  });

  it('may not change anything if another page could have caused it', () => {
    const foreign: readonly Readonly<Record<string, string>>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.robot.lan', host: 'robot.lan' },
      { origin: 'null', host: 'robot.lan' },
      { host: 'robot.lan' },
      {},
    ];
    for (const headers of foreign) {
      assert.equal(sessionOf('DELETE', headers), 'forbidden', JSON.stringify(headers));
    }
  });
});
