import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gatewayUrl, InvalidGatewayUrl, localAddressesOf } from './base-url.ts';

describe('the address of a gateway', () => {
  it('is completed from a host, an address or a URL', () => {
    for (const [typed, url] of [
      ['robot-01', 'http://robot-01:8080'],
      ['robot-01:9000', 'http://robot-01:9000'],
      ['robot-01:80', 'http://robot-01'],
      ['robot-01/api/v1', 'http://robot-01:8080'],
      ['192.168.1.7', 'http://192.168.1.7:8080'],
      ['::1', 'http://[::1]:8080'],
      ['[fe80::1]:9000', 'http://[fe80::1]:9000'],
      ['http://robot-01', 'http://robot-01'],
      ['http://robot-01:8080/', 'http://robot-01:8080'],
      ['http://robot-01:8080/api/v1', 'http://robot-01:8080'],
      ['https://fleet.example/robots/7/api/v1/', 'https://fleet.example/robots/7'],
      [' HTTPS://Fleet.Example ', 'https://fleet.example'],
    ] as const) {
      assert.equal(gatewayUrl(typed), url, typed);
    }
  });

  it('is refused if it is invalid, and the error does not repeat a password', () => {
    for (const typed of [
      '',
      ' ',
      'http://',
      'ws://robot',
      'robot 01',
      'http://robot?x=1',
      'http://robot/#a',
      'a:b:c',
    ]) {
      assert.throws(() => gatewayUrl(typed), InvalidGatewayUrl, typed);
    }
    assert.throws(
      () => gatewayUrl('http://me:secret@robot'),
      (error: Error) => error instanceof InvalidGatewayUrl && !error.message.includes('secret'),
    );
  });
});

describe('the addresses of a reply', () => {
  it('have no path of the gateway, also if the path occurs in other texts', () => {
    const local = localAddressesOf('http://hub:8080/fleet/amr-17');
    assert.equal(
      local('{"a":"/fleet/amr-17/api/v1/apps","b":"see /fleet/amr-17/api/v1/apps","c":"/fleet/amr-1/api/v1/x"}'),
      '{"a":"/api/v1/apps","b":"see /fleet/amr-17/api/v1/apps","c":"/fleet/amr-1/api/v1/x"}',
    );
    assert.equal(
      local('{"a":"/fleet/amr-17/api/v1","b":"/x?of=%2Ffleet%2Famr-17%2Fapi%2Fv1%2Fy&or=/fleet/amr-17/api/v1/y"}'),
      '{"a":"/api/v1","b":"/x?of=%2Fapi%2Fv1%2Fy&or=/api/v1/y"}',
    );
    assert.equal(localAddressesOf('http://robot:8080')('{"a":"/api/v1/apps"}'), '{"a":"/api/v1/apps"}');
  });
});
