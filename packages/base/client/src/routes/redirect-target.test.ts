import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileTarget, redirectTarget } from './redirect-target.ts';

describe('the target of a redirect', () => {
  const url = 'https://fleet.example/robots/7';
  const there = `${url}/api/v1/x-medkit-incidents/inc_2`;

  it('is an address of the same gateway, behind a proxy as well', () => {
    assert.equal(redirectTarget(url, '/api/v1/x-medkit-incidents/inc_2'), there);
    assert.equal(redirectTarget(url, '/robots/7/api/v1/x-medkit-incidents/inc_2'), there);
    assert.equal(redirectTarget(url, there), there);
  });

  it('is never at another host', () => {
    for (const location of [
      null,
      '',
      '/',
      '//evil.example/api/v1/x',
      'https://evil.example/api/v1/x',
      'https://fleet.example/robots/70/api/v1/x',
      '/api/v1/../../admin',
      '/api/v1/%2e%2e/%2e%2e/admin',
      'http://fleet.example/robots/7/api/v1/x',
    ]) {
      assert.equal(redirectTarget(url, location), undefined, String(location));
    }
  });
});

describe('the address of a file on another server', () => {
  it('is encrypted if the gateway is', () => {
    for (const [url, location, isFollowed] of [
      ['https://hub.example', 'https://s3.example/file?sign=1', true],
      ['http://hub.example', 'http://s3.example/file?sign=1', true],
      ['http://hub.example', 'https://s3.example/file?sign=1', true],
      ['https://hub.example', 'http://s3.example/file?sign=1', false],
      ['http://hub.example', 'file:///etc/passwd', false],
      ['http://hub.example', '/file', false],
      ['http://hub.example', null, false],
    ] as const) {
      assert.equal(fileTarget(url, location), isFollowed ? location : undefined, `${url} ${location}`);
    }
  });
});
