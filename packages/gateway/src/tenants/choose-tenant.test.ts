import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { tenantChooser } from './choose-tenant.ts';

const TENANTS = [
  { name: 'a', hosts: ['a.example', 'alias.example'] },
  { name: 'b', hosts: ['b.example'] },
];
const choose = tenantChooser(TENANTS, ['10.0.0.2']);

interface Parts {
  readonly host?: string | readonly string[];
  readonly forwarded?: string;
  readonly address?: string;
  readonly servername?: string;
  readonly url?: string;
}

function chosen({ host = [], forwarded, address = '192.0.2.1', servername, url = '/' }: Parts): string | undefined {
  const hosts = [host].flat();
  return choose({
    url,
    headers: { ...(hosts[0] !== undefined && { host: hosts[0] }), ...(forwarded && { 'x-forwarded-host': forwarded }) },
    rawHeaders: hosts.flatMap((each) => ['Host', each]),
    socket: { remoteAddress: address, servername } as unknown as Socket,
  })?.name;
}

test('the host name chooses the tenant, without case, port and the dot at its end', () => {
  for (const host of ['a.example', 'A.EXAMPLE', 'a.example:8443', 'a.example.', 'a.example.:80', 'alias.example'])
    assert.equal(chosen({ host }), 'a', host);
  assert.equal(chosen({ host: 'b.example' }), 'b');
});

test('other names choose no tenant', () => {
  for (const host of ['', 'example', 'x.a.example', 'a.example..', 'a.example:x', 'a.example@b.example', '127.0.0.1'])
    assert.equal(chosen({ host }), undefined, host);
  assert.equal(chosen({}), undefined);
});

test('a request with several hosts has no tenant', () => {
  assert.equal(chosen({ host: ['a.example', 'b.example'] }), undefined);
  assert.equal(chosen({ host: 'a.example', url: 'http://b.example/' }), undefined);
  assert.equal(chosen({ host: 'a.example', url: 'http://a.example/' }), 'a');
});

test('the host that a proxy forwards counts only from trusted proxies, and its last entry', () => {
  assert.equal(chosen({ host: 'a.example', forwarded: 'b.example' }), 'a');
  assert.equal(chosen({ host: 'a.example', forwarded: 'b.example', address: '10.0.0.2' }), 'b');
  assert.equal(chosen({ host: 'x', forwarded: 'b.example, a.example', address: '10.0.0.2' }), 'a');
});

test('a connection that was opened for the name of one tenant does not reach another', () => {
  assert.equal(chosen({ host: 'a.example', servername: 'a.example' }), 'a');
  assert.equal(chosen({ host: 'a.example', servername: 'alias.example' }), 'a');
  assert.equal(chosen({ host: 'b.example', servername: 'a.example' }), undefined);
  assert.equal(chosen({ host: 'b.example', servername: 'other.example' }), undefined);
});
