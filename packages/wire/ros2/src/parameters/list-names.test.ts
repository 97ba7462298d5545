import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listNames, type ParameterQuery } from './list-names.ts';

const DECLARED = ['use_sim_time', 'FollowPath.max_vel', 'FollowPath.critics.goal', 'FollowPathX', 'a.b.c.d'];

describe('the names that list_parameters answers', () => {
  const rows: readonly (readonly [string, ParameterQuery, readonly string[]])[] = [
    ['all, sorted', {}, ['FollowPath.critics.goal', 'FollowPath.max_vel', 'FollowPathX', 'a.b.c.d', 'use_sim_time']],
    ['those of one part', { depth: 1 }, ['FollowPathX', 'use_sim_time']],
    ['those of at most two parts', { depth: 2 }, ['FollowPath.max_vel', 'FollowPathX', 'use_sim_time']],
    ['those below a prefix', { prefixes: ['FollowPath'] }, ['FollowPath.critics.goal', 'FollowPath.max_vel']],
    ['those one part below a prefix', { prefixes: ['FollowPath'], depth: 1 }, ['FollowPath.max_vel']],
    ['the one that is the prefix', { prefixes: ['use_sim_time'], depth: 1 }, ['use_sim_time']],
    ['those of several prefixes, once', { prefixes: ['a', 'a.b', 'FollowPathX'] }, ['FollowPathX', 'a.b.c.d']],
    ['none of an unknown prefix', { prefixes: ['b'] }, []],
  ];
  for (const [what, query, names] of rows) {
    it(`are ${what}`, () => assert.deepEqual(listNames(DECLARED, query).names, names));
  }

  it('include the prefixes of names, once each', () => {
    assert.deepEqual(listNames([...DECLARED, 'FollowPath.x'], {}).prefixes, [
      'FollowPath.critics',
      'FollowPath',
      'a.b.c',
    ]);
  });
});
