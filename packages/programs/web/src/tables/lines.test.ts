import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { linesOf } from './lines.ts';

describe('the lines of a table', () => {
  it('are its rows', () => {
    assert.deepEqual(linesOf(['a']), [{ is: 'row', row: 'a', index: 0 }]);
  });

  it('are grouped, and rows keep the index of their original order', () => {
    assert.deepEqual(
      linesOf(['a1', 'b1', 'a2'], (row) => row.slice(0, 1)),
      [
        { is: 'group', name: 'a', count: 2 },
        { is: 'row', row: 'a1', index: 0 },
        { is: 'row', row: 'a2', index: 1 },
        { is: 'group', name: 'b', count: 1 },
        { is: 'row', row: 'b1', index: 2 },
      ],
    );
  });
});
