import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FAULT_SEVERITIES, parseFaultSeverity } from './fault-severity.ts';

test('a severity has the same number in every spelling', () => {
  for (const spellings of Object.values(FAULT_SEVERITIES)) {
    assert.deepEqual(spellings.map(parseFaultSeverity), [0, 1, 2, 3]);
  }
  assert.deepEqual(['Warn', 'fatal', '', '2'].map(parseFaultSeverity), [1, undefined, undefined, undefined]);
});
