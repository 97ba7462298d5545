import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Permission } from '@medkit/contract';
import { HIDDEN_VALUE, maskSecret } from './secret-values.ts';

const may = (...permissions: readonly Permission[]) => ({ permissions: new Set(permissions) });
const valueView = (name: string, permissions = may('read'), value: string | null = 'v') =>
  maskSecret({ name, value }, permissions).value;

describe('the value of a parameter whose name is that of a secret', () => {
  it('is shown to whoever could set another one, and to nobody else', () => {
    for (const name of [
      'wifi.password',
      'PASSPHRASE',
      'api_key',
      'cloud.secret_id',
      'mqtt.token',
      'ssh.key',
      'credentials',
    ]) {
      assert.equal(valueView(name), HIDDEN_VALUE, name);
      assert.equal(valueView(name, may('read', 'configurations.write')), 'v', name);
      assert.equal(maskSecret({ name, value: 'v' }).value, HIDDEN_VALUE);
    }
  });

  it('is told to be none where it is none, and all other values are shown to all', () => {
    assert.equal(valueView('wifi.password', may('read'), null), null);
    for (const name of ['rate', 'keyframe_rate', 'use_sim_time', 'frame']) assert.equal(valueView(name), 'v');
  });
});
