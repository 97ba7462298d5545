import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LOCAL } from '@medkit/core';
import type { Group } from '../grouping/group.ts';
import { groupOccurrences } from '../grouping/group-occurrences.ts';
import type { Occurrence } from '../occurrence/occurrence.ts';
import { healed, occurrence } from '../testing/occurrence.ts';
import { isMotionBlocked } from './blocked-motion.ts';

const STOP = occurrence('STOP', 0, { blocksMotion: true });
const SYMPTOM = occurrence('ABORTED', 5, {
  cause: { origin: LOCAL, code: 'STOP', ruleId: 'stop' },
  blocksMotion: true,
});
const together = (...occurrences: readonly Occurrence[]): Group => groupOccurrences(occurrences)[0]!;

describe('whether a robot is blocked', () => {
  it('is unknown if no fault can block it', () => {
    assert.equal(isMotionBlocked(together(occurrence('DUST', 0))), undefined);
  });

  it('is true while the root is active, also if only a symptom shows it', () => {
    assert.equal(isMotionBlocked(together(STOP)), true);
    assert.equal(isMotionBlocked(together(occurrence('STOP', 0), SYMPTOM)), true);
    assert.equal(isMotionBlocked(together(healed(STOP, 3))), false);
  });

  it('is false for a symptom that outlasts its root', () => {
    assert.equal(isMotionBlocked(together(healed(STOP, 6), SYMPTOM)), false);
  });

  it('is true again when the root returns', () => {
    assert.equal(isMotionBlocked(together(healed(STOP, 6), occurrence('STOP', 8, { number: 2 }))), true);
  });
});
