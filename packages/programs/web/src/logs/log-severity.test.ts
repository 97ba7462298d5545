import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SEVERITIES, severityLevel } from './log-severity.ts';

describe('the severity of a log line', () => {
  it('uses the scale of faults, and is lowest for unknown words', () => {
    assert.deepEqual(SEVERITIES.map(severityLevel), [0, 0, 1, 2, 3]);
    assert.deepEqual(['', 'WARNING', 'constructor'].map(severityLevel), [0, 0, 0]);
  });
});
