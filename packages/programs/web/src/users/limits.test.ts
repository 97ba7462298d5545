import assert from 'node:assert/strict';
import { it } from 'node:test';
import { chosenLimits, limitChoices, limitText, placeKey, rolesOf } from './limits.ts';

const GRANTS = [
  { site: 'ulm', role: 'viewer' },
  { site: 'berlin', group: 'night' },
];

it('the limits of a user can be kept, removed, and extended by sites and groups', () => {
  const choices = limitChoices(GRANTS, [{ id: 'berlin' }, { id: 'ulm' }], [{ id: 'night' }]);
  assert.deepEqual(choices, [...GRANTS, { site: 'berlin' }, { group: 'night' }]);
  assert.deepEqual(choices.map(limitText).length, new Set(choices.map(limitText)).size);
  assert.match(limitText(GRANTS[0]!), /ulm \(viewer\)$/);
});

it('each limit of a user can have a role, or that of the user', () => {
  const choices = limitChoices(GRANTS, [{ id: 'berlin' }], []);
  assert.deepEqual(chosenLimits(choices, rolesOf(GRANTS)), GRANTS);
  const others = rolesOf([{ site: 'ulm' }, { site: 'berlin', role: 'operator' }]);
  assert.deepEqual(chosenLimits(choices, others), [{ site: 'ulm' }, { site: 'berlin', role: 'operator' }]);
  assert.deepEqual(chosenLimits(choices, new Map()), []);
});

it('a site whose name reads like a site with a group is another place', () => {
  const places = [{ site: 'a, Group b' }, { site: 'a', group: 'b' }, { group: 'b' }, { site: 'b' }];
  assert.equal(new Set(places.map(placeKey)).size, places.length);
});
