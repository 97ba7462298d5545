import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { openAdmission } from './admission.ts';

describe('the admission of robots', () => {
  it('admits so many a second, in the order of arrival, and refuses those that would wait too long', async () => {
    const clock = new SimulatedClock();
    const admission = openAdmission(clock, 10);
    const admitted: number[] = [];
    const enter = (robot: number) =>
      void admission.enter().then((retryAfterSec) => admitted.push(retryAfterSec === 0 ? robot : -robot));
    for (let robot = 1; robot <= 65; robot += 1) enter(robot);
    await clock.advanceAsync(0);
    assert.deepEqual(
      admitted.toSorted((a, b) => a - b),
      [-65, -64, -63, -62, -61, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    );
    await clock.advanceAsync(1000, 50);
    assert.deepEqual(admitted.slice(-10), [11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
    assert.equal(admission.figures().waiting, 40);
    admission.close();
    await clock.advanceAsync(0);
    assert.equal(admitted.filter((robot) => robot < 0).length, 45);
    assert.deepEqual(admission.figures(), { waiting: 0, admitted: 20, refused: 45 });
  });
});
