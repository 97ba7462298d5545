import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { FlatConfig } from './gateway-config.ts';
import { validateStandby } from './standby-rules.ts';

const GOOD = {
  'fleet.standby': true,
  'fleet.database': '/etc/medkit/fleet-database',
  'fleet.secret_file': '/etc/medkit/fleet.secret',
  'fleet.evidence': 's3://evidence',
  'fleet.replica_address': '10.0.0.5:8081',
  'fleet.tenants': [] as readonly string[],
};
const UNUSED = { 'fleet.standby': false, 'fleet.replica_address': '' };
const check = (changes: Partial<typeof GOOD>) => validateStandby({ ...GOOD, ...changes } as unknown as FlatConfig);

it('a standby needs the database and the secret of the other hub', () => {
  assert.deepEqual(check({}), []);
  assert.throws(() => check({ 'fleet.database': 'sqlite' }), /needs a database of PostgreSQL: set fleet.database/);
  assert.throws(() => check({ 'fleet.secret_file': '' }), /needs fleet.secret_file: copy the file of the other hub/);
  assert.throws(() => check({ 'fleet.tenants': ['a = a.example'] }), /start one hub for each tenant/);
  assert.deepEqual(check({ ...UNUSED, 'fleet.database': 'sqlite', 'fleet.secret_file': '' }), []);
});

it('warns of evidence that the other hub does not have', () => {
  const [warning, ...others] = check({ 'fleet.evidence': '' });
  assert.match(warning?.text ?? '', /set fleet.evidence to a bucket/);
  assert.deepEqual(others, []);
});

it('the address for the standby is one that the other hub can reach', () => {
  for (const address of ['', '10.0.0.5:8081', '[2001:db8::5]:8081', 'hub-a.example:65535'])
    assert.deepEqual(check({ 'fleet.replica_address': address }), []);
  for (const address of ['0.0.0.0:8081', '[::]:8081'])
    assert.throws(() => check({ 'fleet.replica_address': address }), /no address that the other hub can reach/);
  assert.throws(() => check({ 'fleet.replica_address': '10.0.0.5:65536' }), /65536 is not a port/);
  assert.throws(() => check({ 'fleet.standby': false }), /fleet\.replica_address is for a hub with a standby/);
});
