import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReceivedFault } from '@medkit/ingest';
import { type FaultLevel, nextReport } from './fault-level.ts';

/** Returns all reports that lead from one level to the other. */
function reports(known: FaultLevel, reported: ReceivedFault): readonly string[] {
  const events: string[] = [];
  for (let next = nextReport(known, reported); next; next = nextReport(next.known, reported)) events.push(next.event);
  return events;
}

const TABLE: readonly (readonly [string, FaultLevel['result'], number, ReceivedFault['result'], number, string])[] = [
  ['nothing', 'passed', 0, 'passed', 0, ''],
  ['a failure', 'passed', 0, 'failed', 1, 'FAILED'],
  ['a failure that is still active', 'failed', 1, 'failed', 1, ''],
  ['its end', 'failed', 1, 'passed', 1, 'PASSED'],
  ['a failure that was not observed', 'passed', 1, 'passed', 2, 'FAILED PASSED'],
  ['several of them', 'passed', 1, 'passed', 9, 'FAILED PASSED'],
  ['another unobserved failure', 'failed', 1, 'failed', 2, 'FAILED'],
  ['an untested fault', 'failed', 1, 'untested', 1, ''],
  ['a fault that failed before it was untested', 'passed', 0, 'untested', 1, 'FAILED'],
  ['a fault that passes after it was untested', 'failed', 1, 'passed', 1, 'PASSED'],
  ['an unknown fault that passed', 'unknown', 0, 'passed', 0, 'PASSED'],
  ['an unknown failure', 'unknown', 3, 'failed', 3, 'FAILED'],
];

describe('the report of a fault', () => {
  for (const [what, result, occurrences, reported, count, expected] of TABLE) {
    it(`of ${what} is ${expected || 'nothing'}`, () => {
      assert.equal(reports({ result, occurrences }, { result: reported, occurrences: count }).join(' '), expected);
    });
  }
});
