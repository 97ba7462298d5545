import assert from 'node:assert/strict';
import { it } from 'node:test';
import { keyRequest } from './key-request.ts';

it('requests a key with the chosen lifetime, and with permissions only if some are selected', () => {
  const form = new FormData();
  form.set('name', ' grafana ');
  form.set('days', '90');
  form.set('password', ' with spaces ');
  assert.deepEqual(keyRequest(form, 'viewer'), {
    ...{ name: 'grafana', role: 'viewer', expires_in_days: 90, password: ' with spaces ' },
  });
  form.set('days', '0');
  form.delete('password');
  form.append('permission', 'read');
  form.append('permission', 'faults.clear');
  assert.deepEqual(keyRequest(form, 'operator'), {
    ...{ name: 'grafana', role: 'operator', never_expires: true, permissions: ['read', 'faults.clear'] },
  });
});
