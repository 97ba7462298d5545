import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { movedAddress } from './moved-address.ts';

describe('where something has moved to', () => {
  const url = 'https://fleet.example/robots/7';
  const there = `${url}/api/v1/x-medkit-incidents/inc_2`;

  it('is an address of the same gateway, behind a proxy as well', () => {
    assert.equal(movedAddress(url, '/api/v1/x-medkit-incidents/inc_2'), there);
    assert.equal(movedAddress(url, there), there);
  });

  it('is no other one: that might be anybody', () => {
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
      assert.equal(movedAddress(url, location), undefined, String(location));
    }
  });
});
