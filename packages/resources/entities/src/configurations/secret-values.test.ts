import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Permission } from '@medkit/contract';
import { HIDDEN_VALUE, maskSecret } from './secret-values.ts';

const may = (...permissions: readonly Permission[]) => ({ permissions: new Set(permissions) });
const valueView = (name: string, permissions = may('read'), value: string | null = 'v') =>
  maskSecret({ name, value }, permissions).value;

describe('the value of a parameter whose name is that of a secret', () => {
  it('is shown only to clients that may set another one', () => {
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

  it('is shown as null if it is null, and all other values are shown to all', () => {
    assert.equal(valueView('wifi.password', may('read'), null), null);
    for (const name of ['rate', 'keyframe_rate', 'use_sim_time', 'frame']) assert.equal(valueView(name), 'v');
  });
});
