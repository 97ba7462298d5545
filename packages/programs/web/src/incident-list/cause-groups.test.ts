import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Incident } from '@medkit/contract';
import { beginningsIn, groupByCause } from './cause-groups.ts';

const incident = (id: string, root: string, more: Partial<Incident> = {}) =>
  ({ id, root, began: '1970-01-01T00:00:12Z', entity_type: 'app', entity_id: 'gate', ...more }) as Incident;

suite('incidents grouped by cause', () => {
  test('have the same root fault at the same entity of the same gateway', () => {
    const groups = groupByCause([
      incident('inc_5', 'STOP'),
      incident('inc_4', 'BATTERY'),
      incident('inc_3', 'STOP'),
      incident('inc_2', 'STOP', { entity_id: 'other_gate' }),
      incident('inc_1', 'STOP', { root_origin: 'arm' }),
    ]);
    assert.deepEqual(
      groups.map(({ incidents }) => incidents.map(({ id }) => id)),
      [['inc_5', 'inc_3'], ['inc_4'], ['inc_2'], ['inc_1']],
    );
  });

  test('are counted by the part of the time span in which they began', () => {
    const counts = beginningsIn(
      [
        incident('a', 'STOP', { began: '1970-01-01T00:00:00Z' }),
        incident('b', 'STOP', { began: '1970-01-01T00:00:24Z' }),
        incident('c', 'STOP'),
        incident('d', 'STOP', { began: 'never' }),
        incident('e', 'STOP', { began: '1971-01-01T00:00:00Z' }),
      ],
      0,
      24_000,
    );
    assert.equal(counts.length, 24);
    assert.deepEqual([counts[0], counts[12], counts[23]], [1, 1, 1]);
    assert.equal(
      counts.reduce((sum, count) => sum + count),
      3,
    );
    assert.deepEqual(new Set(beginningsIn([incident('a', 'STOP')], 5, 5)), new Set([0]));
  });
});
