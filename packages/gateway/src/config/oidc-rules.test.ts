import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryFiles } from '@medkit/edges/testing';
import { ConfigRefused } from './assignment.ts';
import { loadConfig } from './load-config.ts';

const VALID = { issuer: 'https://login.example.com', audience: 'medkit', role_map: '{ops: operator}' };

/** The settings of a hub, after those of the accounts. */
const HUB = 'fleet: {enabled: true}\nros: {enabled: false}\n';

async function load(options: Readonly<Record<string, string | undefined>>, rest = '') {
  const lines = Object.entries(options).map(([name, value]) => (value === undefined ? '' : `    ${name}: ${value}\n`));
  const files = new MemoryFiles({ '/medkit.yaml': `auth:\n  oidc:\n${lines.join('')}${rest}` });
  const folders = { home: '/home/robot', working: '/', environment: {} };
  return loadConfig({ files, folders, flags: { config: '/medkit.yaml' } });
}

test('groups of the identity provider are mapped to roles, whatever their names', async () => {
  const role_map =
    '{"robots.berlin ops": operator, "/líder": viewer, 保守: admin, __proto__: viewer, "Cafe\u0301": viewer}';
  const { config, notices } = await load({ ...VALID, role_map });
  assert.deepEqual(notices, []);
  assert.deepEqual(
    [...config.roleMap],
    [
      ['robots.berlin ops', 'operator'],
      ['/líder', 'viewer'],
      ['保守', 'admin'],
      ['__proto__', 'viewer'],
      ['Café', 'viewer'],
    ],
  );
  const { issuer, audience, role_claim, offline_max_sec } = config.auth.oidc;
  assert.deepEqual(
    [issuer, audience, role_claim, offline_max_sec],
    ['https://login.example.com', 'medkit', 'groups', 604_800],
  );
});

test('groups are mapped to grants at robots of a hub', async () => {
  const grant_map =
    '{robots.berlin.ops: {role: operator, site: "Berlin Süd"}, night: {role: viewer, site: a, group: b}}';
  const { config, notices } = await load({ ...VALID, role_map: undefined, grant_map }, HUB);
  assert.deepEqual(notices, []);
  assert.deepEqual(
    [...config.grantMap],
    [
      ['robots.berlin.ops', { role: 'operator', site: 'Berlin Süd' }],
      ['night', { role: 'viewer', site: 'a', group: 'b' }],
    ],
  );
});

test('incomplete grants, and grants without a hub, are refused with the remedy', async () => {
  const many = Array.from({ length: 1001 }, (_, index) => `g${index}: {role: viewer, site: a}`);
  const cases = [
    ['{ops: operator}', /grant_map.ops: expected a group with a role, and a site or a group of robots, such as/],
    ['{ops: {role: operator}}', /grant_map.ops: needs a role, and a site or a group of robots/],
    ['{ops: {site: berlin}}', /grant_map.ops: needs a role/],
    ['{ops: {role: viewer, site: }}', /grant_map.ops.site: expected a group with a role/],
    ['{ops: {role: viewer, place: a}}', /grant_map.ops.place: expected/],
    ['{ops: {role: viewer, __proto__: a}}', /expected a group with a role/],
    [`{ops: {role: viewer, site: ${'x'.repeat(129)}}}`, /grant_map.ops.site: has more than 128 characters/],
    [`{${many.join(', ')}}`, /grant_map has 1001 groups: the maximum is 1000/],
  ] as const;
  for (const [grant_map, message] of cases)
    await assert.rejects(load({ ...VALID, grant_map }, HUB), message, grant_map);
  await assert.rejects(
    load({ ...VALID, grant_map: '{ops: {role: viewer, site: a}}' }),
    /grant_map is only for a fleet hub \(fleet.enabled\)/,
  );
});

test('single sign-on is off unless configured', async () => {
  const { config } = await load({ role_claim: 'roles' });
  assert.deepEqual([config.auth.oidc.issuer, config.roleMap.size], ['', 0]);
});

test('incomplete or unsafe settings of single sign-on are refused with the remedy', async () => {
  const many = Array.from({ length: 1001 }, (_, index) => `g${index}: viewer`);
  const cases: readonly (readonly [Readonly<Record<string, string | undefined>>, RegExp])[] = [
    [{ audience: undefined }, /auth.oidc.audience is not set: without it, every token/],
    [{ role_map: undefined }, /auth.oidc.role_map is empty: map at least one group/],
    [{ issuer: undefined }, /auth.oidc.issuer is not set/],
    [{ issuer: 'http://login.example.com' }, /auth.oidc.issuer: .* is not an https: address/],
    [{ issuer: 'http://localhost.example.com' }, /is not an https: address/],
    [{ issuer: 'https://alice:secret@login.example.com' }, /is not an https: address/],
    [{ issuer: 'https://login.example.com/?a=b' }, /is not an https: address/],
    [{ issuer: 'ftp://login.example.com' }, /is not an https: address/],
    [{ issuer: '"https://[::1"' }, /is not a valid address/],
    [{ role_map: '{ops: [operator, viewer]}' }, /role_map.ops: expected a group with one role/],
    [{ role_map: '{ops: }' }, /role_map.ops: expected a group with one role/],
    [{ role_map: `{${many.join(', ')}}` }, /has 1001 groups: the maximum is 1000/],
  ];
  for (const [changes, message] of cases) {
    await assert.rejects(load({ ...VALID, ...changes }), (error: unknown) => {
      assert.ok(error instanceof ConfigRefused);
      assert.match(error.message, message);
      return true;
    });
  }
  await assert.rejects(load(VALID, '  issuer: https://login.example.com\n'), /auth.oidc.issuer equals auth.issuer/);
});

test('an issuer on this machine may be reached without TLS', async () => {
  for (const issuer of ['http://localhost:8080/realms/x', 'http://127.0.0.1:9000', '"http://[::1]:9000/a"'])
    assert.equal((await load({ ...VALID, issuer })).config.auth.oidc.issuer, issuer.replaceAll('"', ''));
});
