import assert from 'node:assert/strict';
import { it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { testConfig } from '../testing/test-gateway.ts';
import { certificateIdentities } from './certificate-identity.ts';
import type { ClientCertificate, ClientNames } from './client-certificate.ts';

const NONE: ClientNames = { uri: [], dns: [], email: [], cn: [], fingerprint256: ['sha256:00'] };

async function identities(rules: readonly string[], isRequired = false) {
  const { server, ...config } = await testConfig();
  const certificates = new Map<object, ClientCertificate>();
  const clock = new SimulatedClock();
  const lines: string[] = [];
  const known = certificateIdentities({
    config: { ...config, server: { ...server, tls: { ...server.tls, client_map: rules } } },
    certificates: { isRequired, of: (connection) => certificates.get(connection) },
    clock,
    log: (_level, message) => lines.push(message),
  });
  const connect = (names: Partial<ClientNames>, more: Partial<ClientCertificate> = {}) => {
    const connection = {};
    certificates.set(connection, { names: { ...NONE, ...names }, notAfterMs: clock.wallMs() + 60_000, ...more });
    return known.identityOf(connection);
  };
  const principal = (names: Partial<ClientNames>) => {
    const found = connect(names);
    return found && 'principal' in found ? `${found.principal.id} ${found.principal.role}` : found?.refused;
  };
  return { known, clock, lines, connect, principal };
}

it('the first rule that matches gives name and role', async () => {
  const { principal } = await identities(['a:viewer = dns:x.example', 'b:admin = cn:b', 'c:operator = dns:*.example']);
  assert.equal(principal({ dns: ['other', 'X.example'], cn: ['b'] }), 'certificate:a viewer');
  assert.equal(principal({ dns: ['y.example'], cn: ['b'] }), 'certificate:b admin');
  assert.equal(principal({ dns: ['y.example'] }), 'certificate:c operator');
  assert.equal(principal({ dns: ['y.z.example'] }), undefined);
});

it('special characters of a rule are compared literally, and * matches one segment', async () => {
  const { principal } = await identities([
    'r-*:viewer = uri:spiffe://plant.example/robot/*',
    'x:viewer = cn:a.b (c)',
    'm:viewer = cn:Mu\u0308ller',
  ]);
  assert.equal(principal({ uri: ['spiffe://plant.example/robot/r1'] }), 'certificate:r-r1 viewer');
  for (const uri of ['robot/r1/x', 'robot/', 'robot/a b', 'robot/ä', `robot/${'x'.repeat(65)}`, 'robot/a?b'])
    assert.equal(principal({ uri: [`spiffe://plant.example/${uri}`] }), undefined, uri);
  assert.equal(principal({ uri: ['spiffe://plantXexample/robot/r1'] }), undefined);
  assert.equal(principal({ cn: ['a.b (c)'] }), 'certificate:x viewer');
  assert.equal(principal({ cn: ['aXb (c)'] }), undefined);
  assert.equal(principal({ cn: ['M\u00fcller'] }), 'certificate:m viewer');
});

it('a client is the same principal for each request, until its certificate expires', async () => {
  const { connect, known, clock } = await identities(['a:viewer = cn:a']);
  const [first, second] = [connect({ cn: ['a'] }), connect({ cn: ['a'] })];
  assert.ok(first && 'principal' in first && second && 'principal' in second);
  assert.equal(first.principal, second.principal);
  assert.ok(first.credential.kind === 'certificate');
  assert.equal(known.principalOf(first.credential), first.principal);
  await clock.advance(60_000);
  assert.deepEqual(known.principalOf(first.credential), { refused: 'expired' });
  assert.deepEqual(connect({ cn: ['a'] }, { notAfterMs: clock.wallMs() }), { refused: 'certificate-expired' });
});

it('a refused certificate gives no identity, and a required one must match a rule', async () => {
  const optional = await identities(['a:viewer = cn:a']);
  assert.deepEqual(optional.connect({ cn: ['a'] }, { refused: 'certificate-revoked' }), {
    refused: 'certificate-revoked',
  });
  assert.equal(optional.known.identityOf({}), undefined);
  assert.equal(optional.known.identityOf(undefined), undefined);
  const required = await identities(['a:viewer = cn:a'], true);
  assert.equal(required.principal({ cn: ['b'] }), 'certificate-unknown');
  required.principal({ cn: ['b'] });
  assert.equal(required.lines.length, 1);
  assert.deepEqual(required.known.identityOf({}), { refused: 'certificate-missing' });
  assert.deepEqual(required.known.identityOf(undefined), { refused: 'certificate-missing' });
});

it('a rule with an unknown role keeps the gateway from starting', async () => {
  await assert.rejects(identities(['a:captain = cn:a']), /the role "captain" of a is not one of .*viewer/);
});
