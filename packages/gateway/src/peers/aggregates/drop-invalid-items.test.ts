import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ALL_ROUTES, type DroppedItem, type Route } from '@medkit/contract';
import type { JsonValue } from '@medkit/core';
import { dropInvalidItems, itemProblem } from './drop-invalid-items.ts';

const routeOf = (wanted: string): Route =>
  ALL_ROUTES.find(({ method, path }) => method === 'get' && path === wanted) ?? assert.fail(wanted);

function dropped(path: string, ...items: readonly JsonValue[]) {
  const list = dropInvalidItems({ items: [...items] }, 'yard', itemProblem(routeOf(path)));
  const facts = list['x-medkit'] as { readonly peer_dropped_items?: readonly DroppedItem[] } | undefined;
  return { sound: list.items as readonly JsonValue[], dropped: facts?.peer_dropped_items };
}

describe('items of a list of another gateway', () => {
  it('must have every required member; each other item is reported with its gateway and the reason [edge]', () => {
    const good = { id: 'a', name: 'a', category: 'currentData', more: 1 };
    const { sound, dropped: reports } = dropped('/apps/{app_id}/data', good, { id: 'b', name: 7 }, null, 'c', [], {
      name: 'd',
    });
    assert.deepEqual(sound, [good]);
    assert.deepEqual(reports, [
      { peer: 'yard', reason: 'its name is not of type string', source_id: 'b' },
      { peer: 'yard', reason: 'it is not of type object', source_id: '' },
      { peer: 'yard', reason: 'it is not of type object', source_id: '' },
      { peer: 'yard', reason: 'it is not of type object', source_id: '' },
      { peer: 'yard', reason: 'its id is not of type string', source_id: '' },
    ]);
  });

  it('may be names', () => {
    assert.deepEqual(dropped('/apps/{app_id}/bulk-data', 'maps', {}).sound, ['maps']);
  });

  it('may have numbers of any size, and members that this version does not know', () => {
    const items: readonly JsonValue[] = [
      { fault_code: 'JAM', severity: 2n ** 60n, status: 'CONFIRMED', news: [] },
      { fault_code: 'LEAK' },
    ];
    const { sound, dropped: reports } = dropped('/faults', ...items);
    assert.equal(sound.length, 1);
    assert.deepEqual(reports, [{ peer: 'yard', reason: 'its severity is not of type integer', source_id: 'LEAK' }]);
  });

  it('are reported up to a hundred, with ids of limited length', () => {
    const items = Array.from({ length: 1000 }, () => ({ id: 'x'.repeat(1000) }));
    const { sound, dropped: reports } = dropped('/apps/{app_id}/logs', ...items);
    assert.deepEqual([sound.length, reports?.length, reports?.[0]?.source_id.length], [0, 100, 256]);
  });
});
