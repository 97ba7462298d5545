import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { verdictLines } from './verify.ts';

describe('what is told of an audit log', () => {
  it('is that nothing is wrong', () => {
    assert.deepEqual(verdictLines('/a.db', { intact: true, checked: 0 }), ['/a.db: empty']);
    assert.deepEqual(verdictLines('/a.db', { intact: true, checked: 12 }), [
      '/a.db: 12 records, all as they were written',
    ]);
  });

  it('is the first record that is wrong, and how', () => {
    const problem = 'its content does not fit its hash (tampered with)';
    assert.deepEqual(verdictLines('/a.db', { intact: false, checked: 3, badSeq: 10, problem }), [
      '/a.db: NOT as it was written',
      `record 10: ${problem}`,
      '2 records before it in order; what comes after it was not looked at',
    ]);
  });
});
