import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { FlatConfig } from './gateway-config.ts';
import { validateStandby } from './standby-rules.ts';

const GOOD = {
  'fleet.standby': true,
  'fleet.database': '/etc/medkit/fleet-database',
  'fleet.secret_file': '/etc/medkit/fleet.secret',
  'fleet.evidence': 's3://evidence',
  'fleet.tenants': [] as readonly string[],
};
const check = (changes: Partial<typeof GOOD>) => validateStandby({ ...GOOD, ...changes } as unknown as FlatConfig);

it('a standby needs the database and the secret of the other hub', () => {
  assert.deepEqual(check({}), []);
  assert.throws(() => check({ 'fleet.database': 'sqlite' }), /needs a database of PostgreSQL: set fleet.database/);
  assert.throws(() => check({ 'fleet.secret_file': '' }), /needs fleet.secret_file: copy the file of the other hub/);
  assert.throws(() => check({ 'fleet.tenants': ['a = a.example'] }), /start one hub for each tenant/);
  assert.deepEqual(check({ 'fleet.standby': false, 'fleet.database': 'sqlite', 'fleet.secret_file': '' }), []);
});

it('warns of evidence that the other hub does not have', () => {
  const [warning, ...others] = check({ 'fleet.evidence': '' });
  assert.match(warning?.text ?? '', /set fleet.evidence to a bucket/);
  assert.deepEqual(others, []);
});
