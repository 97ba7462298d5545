import assert from 'node:assert/strict';
import { it } from 'node:test';
import { MemoryFiles } from '@medkit/edges/testing';
import { ConfigRefused } from './assignment.ts';
import { clientRules, MAX_CLIENT_RULES } from './client-auth-rules.ts';
import { loadConfig } from './load-config.ts';

const ON = { enabled: true, self_signed: true, client_auth: 'optional', client_ca_file: 'ca.pem' };

const load = (server: object, more: object = {}) =>
  loadConfig({
    files: new MemoryFiles({ '/etc/medkit.yaml': JSON.stringify({ server, ...more }) }),
    folders: { environment: {}, home: '/home/ada', working: '/srv' },
    flags: {},
    defaultFile: '/etc/medkit.yaml',
  });

async function refusalOf(tls: object, more: object = {}): Promise<string> {
  const error = await load({ tls: { ...ON, ...tls } }, more).catch((reason) => reason);
  assert.ok(error instanceof ConfigRefused, String(error));
  return error.message;
}

it('rules name a principal, a role and a part of the certificate', () => {
  const digits = 'AB'.repeat(32);
  assert.deepEqual(
    clientRules([
      'ci:operator = uri:spiffe://plant.example/ci',
      'robot-*:viewer=dns:*.robots.example',
      'maintenance:admin = cn:Jörg Müller, 保守 = 1',
      `tester:configurator = fingerprint256:${digits.match(/../g)?.join(':')}`,
    ]),
    [
      { name: 'ci', role: 'operator', field: 'uri', value: 'spiffe://plant.example/ci' },
      { name: 'robot-*', role: 'viewer', field: 'dns', value: '*.robots.example' },
      { name: 'maintenance', role: 'admin', field: 'cn', value: 'Jörg Müller, 保守 = 1' },
      { name: 'tester', role: 'configurator', field: 'fingerprint256', value: `sha256:${digits.toLowerCase()}` },
    ],
  );
});

it('the gateway starts with valid rules, and their files are relative to the working folder', async () => {
  const { config } = await load({ tls: { ...ON, client_crl_file: 'crl.pem', client_map: ['ci:viewer = cn:ci'] } });
  const { client_auth, client_ca_file, client_crl_file, client_map } = config.server.tls;
  assert.deepEqual(
    [client_auth, client_ca_file, client_crl_file, client_map],
    ['optional', '/srv/ca.pem', '/srv/crl.pem', ['ci:viewer = cn:ci']],
  );
  assert.equal((await load({})).config.server.tls.client_auth, 'off');
});

it('an invalid rule keeps the gateway from starting, with the reason', async () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['ci', /"ci" is not name:role = field:value\. Example/],
    ['ci:operator = san:x', /compares "san": use uri, dns, email, cn, fingerprint256/],
    [' :operator = cn:x', /needs a name of 1 to 64 ASCII/],
    ['Jörg:operator = cn:x', /needs a name of 1 to 64 ASCII/],
    ['ci: = cn:x', /needs a role/],
    ['ci:operator = cn:', /needs a value/],
    ['ci:operator = fingerprint256:abc', /64 hexadecimal digits: openssl x509/],
    ['c-*:operator = cn:ci', /has a \* in its name that stands for no \*/],
    ['ci:operator = uri:spiffe://*/a/*', /several \*/],
  ];
  for (const [rule, expected] of cases) assert.match(await refusalOf({ client_map: [rule] }), expected, rule);
  const many = Array.from({ length: MAX_CLIENT_RULES + 1 }, (_, index) => `ci:viewer = cn:${index}`);
  assert.match(await refusalOf({ client_map: many }), /201 entries: the maximum is 200/);
  assert.equal((await load({ tls: { ...ON, client_map: many.slice(1) } })).config.server.tls.client_map.length, 200);
});

it('client certificates need TLS, an authority and, if they are required, a rule', async () => {
  assert.match(await refusalOf({ client_auth: 'yes' }), /"yes" is not off, optional or required/);
  assert.match(await refusalOf({ client_ca_file: '' }), /^server\.tls\.client_ca_file is not set/);
  assert.match(await refusalOf({ enabled: false, self_signed: false }), /only with server\.tls\.enabled/);
  assert.match(await refusalOf({ client_auth: 'required' }), /has no rule/);
  const hub = { fleet: { enabled: true } };
  assert.match(await refusalOf({ client_auth: 'required', client_map: ['ci:viewer = cn:ci'] }, hub), /use optional/);
});

it('an address that other machines reach is guarded by client certificates', async () => {
  const open = { host: '0.0.0.0', tls: ON };
  assert.deepEqual((await load(open)).notices, []);
  await assert.rejects(load(open, { auth: { require_auth_for: 'none' } }), /can be reached from other machines/);
});
