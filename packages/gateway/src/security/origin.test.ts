import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { originVerdict } from './origin.ts';

const HOST = 'robot.lan:8080';
const ALLOWED = 'https://ui.example.com';

function verdictOf(headers: Readonly<Record<string, string>>, method = 'GET', publicOrigin?: string) {
  return originVerdict({ method, headers }, HOST, (origin) => origin === ALLOWED, publicOrigin);
}

describe('a request', () => {
  it('of a program, of a page of this gateway, or of a user is accepted', () => {
    assert.equal(verdictOf({}), 'own');
    assert.equal(verdictOf({ origin: `https://${HOST}` }), 'own');
    assert.equal(verdictOf({ 'sec-fetch-site': 'same-origin' }, 'POST'), 'own');
    assert.equal(verdictOf({ 'sec-fetch-site': 'none' }), 'own');
  });

  it('of the public address behind a proxy, or of an allowed origin, is accepted', () => {
    assert.equal(verdictOf({ origin: 'https://robots.example' }, 'POST', 'https://robots.example'), 'own');
    assert.equal(verdictOf({ origin: ALLOWED }, 'POST'), 'allowed');
  });

  it('of a page of another origin is foreign, however similar its name', () => {
    for (const origin of [`https://evil-${HOST}`, `https://${HOST}.evil.example`, 'null', 'https://robot.lan', '']) {
      assert.equal(verdictOf({ origin }), 'foreign', origin);
    }
  });

  it('without an origin is foreign if another site embeds it, or sends a form', () => {
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    assert.equal(verdictOf(link), 'own');
    assert.equal(verdictOf(link, 'POST'), 'foreign');
    assert.equal(verdictOf({ ...link, 'sec-fetch-dest': 'iframe' }), 'foreign');
    assert.equal(verdictOf({ ...link, 'sec-fetch-mode': 'no-cors' }), 'foreign');
    assert.equal(verdictOf({ 'sec-fetch-site': 'same-site' }), 'foreign');
  });
});
