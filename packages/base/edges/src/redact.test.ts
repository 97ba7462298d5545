import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { redacted, redactUrl, redactUrls, secretsOfRequest } from './redact.ts';

describe('secrets of a request', () => {
  const hidden = (reply: string, url: string, headers: Readonly<Record<string, string>> = {}) =>
    redacted(reply, secretsOfRequest(url, headers));

  it('are removed from a reply that repeats its headers, with or without their scheme', () => {
    const headers = {
      Authorization: 'Bearer t0ken-of-ours',
      'X-Api-Key': 'k"e/y-1',
      'Content-Type': 'application/json',
    };
    const reply = 'bad token t0ken-of-ours in "Bearer t0ken-of-ours", {"key":"k\\"e/y-1"}, application/json expected';
    assert.equal(
      hidden(reply, 'http://collector/', headers),
      'bad token … in "…", {"key":"…"}, application/json expected',
    );
  });

  it('are removed from a reply that repeats a user and password, encoded or decoded', () => {
    const Authorization = `Basic ${Buffer.from('robot:correct horse').toString('base64')}`;
    for (const text of [Authorization, Authorization.slice(6), 'robot:correct horse', 'correct horse']) {
      assert.equal(hidden(`refused: ${text}!`, 'http://collector/', { Authorization }), 'refused: …!', text);
    }
  });

  it('are removed from a reply that repeats the address', () => {
    const url = 'https://collector/in/abcdefgh01234567/logs?api_key=s3cret%2Fkey&v=1';
    const reply = hidden(`no route ${url} for s3cret/key`, url);
    assert.equal(reply, 'no route https://collector/in/…/logs… for …');
  });

  it('do not include short texts', () => {
    assert.equal(hidden('v is 1', 'http://collector/?v=1', { 'X-Scope-OrgID': 'is' }), 'v is 1');
  });
});

describe('a redacted address', () => {
  it('has no user, no query and no token', () => {
    assert.equal(redactUrl('https://me:pass@es:9200/logs?key=1'), 'https://…@es:9200/logs?…');
    assert.equal(redactUrl('https://in.example/v1/tokens/abcdefgh01234567'), 'https://in.example/v1/tokens/…');
    assert.equal(redactUrl('mqtt://robot@broker'), 'mqtt://…@broker');
  });

  it('is unchanged if it has none of these, and so is any other text', () => {
    for (const text of ['http://loki:3100', 'http://loki:3100/', 'HTTP://Loki/loki/api/v1/push', '/a?b', 'a@b', '']) {
      assert.equal(redactUrl(text), text);
    }
  });
});

describe('a text with redacted addresses', () => {
  it('has no credentials, wherever they are in the text and whether or not a parser accepts the address', () => {
    for (const [text, expected] of [
      ['mirror http://me:pass@es:9200/a?key=1, then http://es', 'mirror http://…@es:9200/a?…, then http://es'],
      ['http://me:pass@es:99999/', 'http://…@es:99999/'],
      ['http://me:pa/ss@es', 'http://…@es'],
      ['url=https://me:pass@[::1', 'url=https://…@[::1'],
      ['me:pass@robot-2:8080', '…@robot-2:8080'],
      ['rsync me:pass@host', 'rsync …@host'],
    ] as const)
      assert.equal(redactUrls(text), expected);
  });

  it('is unchanged without credentials', () => {
    for (const text of ['scp a robot@host:/b', '08:00-17:00', '@channel', 'http://loki:3100', 'a::b', ''])
      assert.equal(redactUrls(text), text);
  });
});
