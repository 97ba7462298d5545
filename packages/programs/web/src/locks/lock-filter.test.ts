import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { filteredLocks, lockFilterOf } from './lock-filter.ts';

const lock = (id: string, owned: boolean, holder: string, scopes?: string[]) => ({
  id,
  owned,
  holder,
  lock_expiration: '2026-03-23T02:20:33Z',
  entity: { type: 'app' as const, id: `entity_${id}` },
  ...(scopes && { scopes }),
});
const LOCKS = [lock('a', true, 'me'), lock('b', false, 'Alice', ['configurations']), lock('c', false, 'bob')];

const found = (query: string) => filteredLocks(LOCKS, lockFilterOf(new URLSearchParams(query))).map(({ id }) => id);

describe('the filter of locks', () => {
  it('is by holder and by text', () => {
    assert.deepEqual(found(''), ['a', 'b', 'c']);
    assert.deepEqual(found('whose=mine'), ['a']);
    assert.deepEqual(found('whose=others'), ['b', 'c']);
    assert.deepEqual(found('whose=nonsense&q=ALICE'), ['b']);
    assert.deepEqual(found('q=entity_c'), ['c']);
    assert.deepEqual(found('q=config'), ['b']);
    assert.deepEqual(found('whose=mine&q=bob'), []);
  });
});
