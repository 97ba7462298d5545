import assert from 'node:assert/strict';
import { it } from 'node:test';
import { limitChoices, limitText } from './limits.ts';

it('the limits of a user can be kept, removed, and extended by sites and groups', () => {
  const grants = [
    { site: 'ulm', role: 'viewer' },
    { site: 'berlin', group: 'night' },
  ];
  const choices = limitChoices(grants, [{ id: 'berlin' }, { id: 'ulm' }], [{ id: 'night' }]);
  assert.deepEqual(choices, [...grants, { site: 'berlin' }, { group: 'night' }]);
  assert.deepEqual(choices.map(limitText).length, new Set(choices.map(limitText)).size);
  assert.match(limitText(grants[0]!), /ulm \(viewer\)$/);
});
