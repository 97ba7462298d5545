import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { UpdateDetail } from '@medkit/contract';
import { registeredMembers, registerRequest } from './registered-members.ts';

const typed = { id: ' nav-2 ', name: '', version: '', artifact: '', sha256: '', components: [], isAutomated: false };

describe('the registration of an update', () => {
  it('contains only what was typed', () => {
    assert.deepEqual(registerRequest(typed), { id: 'nav-2' });
    assert.deepEqual(registerRequest({ ...typed, artifact: 'nav-2' }), { id: 'nav-2' });
    const more = { version: '2.1.0', artifact: 'folder', sha256: 'ab', components: ['navigation'], isAutomated: true };
    assert.deepEqual(registerRequest({ ...typed, ...more }), {
      id: 'nav-2',
      version: '2.1.0',
      automated: true,
      updated_components: ['navigation'],
      'x-medkit': { artifact: 'folder', sha256: 'ab' },
    });
  });

  it('is read even if its members have other types', () => {
    const members = registeredMembers({
      id: 'x',
      version: 2,
      updated_components: 'nav',
      automated: 'yes',
      origins: [1],
    } as UpdateDetail);
    assert.deepEqual(members, {
      ...{ name: '', version: '', isAutomated: false, components: [], affected: [] },
      ...{ origins: ['1'], artifact: '', sha256: '' },
    });
    assert.equal(registeredMembers(undefined).sha256, '');
  });
});
