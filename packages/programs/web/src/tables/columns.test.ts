import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Column, sorted, sortingAfter, sortingOf } from './columns.ts';

interface Fault {
  readonly code: string;
  readonly at?: number;
}
const columns: readonly Column<Fault>[] = [
  { id: 'code', title: 'Code', cell: ({ code }) => code, sortBy: ({ code }) => code },
  { id: 'at', title: 'At', cell: ({ at }) => at, sortBy: ({ at }) => at },
  { id: 'plain', title: 'Plain', cell: () => '' },
];
const faults: readonly Fault[] = [{ code: 'F10', at: 3 }, { code: 'F2' }, { code: 'F1', at: 9 }];
const codes = (column: string, descending = false) =>
  sorted(faults, columns, { column, descending }).map(({ code }) => code);

describe('the order of rows', () => {
  it('is given by a column, with texts of digits sorted as numbers', () => {
    assert.deepEqual(codes('code'), ['F1', 'F2', 'F10']);
    assert.deepEqual(codes('code', true), ['F10', 'F2', 'F1']);
    assert.deepEqual(codes('at'), ['F10', 'F1', 'F2']);
    assert.deepEqual(codes('at', true), ['F1', 'F10', 'F2']);
  });

  it('is unchanged without a column to sort by', () => {
    assert.equal(sorted(faults, columns, { column: 'plain', descending: false }), faults);
    assert.equal(sorted(faults, columns, sortingOf(null)), faults);
  });

  it('changes with each click on a title', () => {
    assert.deepEqual(sortingOf('-at'), { column: 'at', descending: true });
    assert.deepEqual(sortingAfter('at', undefined), { column: 'at', descending: false });
    assert.deepEqual(sortingAfter('at', { column: 'at', descending: false }), { column: 'at', descending: true });
    assert.equal(sortingAfter('at', { column: 'at', descending: true }), undefined);
    assert.deepEqual(sortingAfter('at', { column: 'code', descending: true }), { column: 'at', descending: false });
  });
});
