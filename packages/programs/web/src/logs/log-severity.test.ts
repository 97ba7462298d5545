import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SEVERITIES, severityLevel } from './log-severity.ts';

describe('how grave a log line is', () => {
  it('is told on the scale of faults, and nothing for words that nobody knows', () => {
    assert.deepEqual(SEVERITIES.map(severityLevel), [0, 0, 1, 2, 3]);
    assert.deepEqual(['', 'WARNING', 'constructor'].map(severityLevel), [0, 0, 0]);
  });
});
