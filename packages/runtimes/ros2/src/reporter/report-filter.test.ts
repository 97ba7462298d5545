import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ReportFilter, type ReportFilterSettings } from './report-filter.ts';

const INFO = 0;
const ERROR = 2;

/** Returns which INFO reports of `A` at these times pass. */
function outcomes(times: readonly number[], settings: Partial<ReportFilterSettings> = {}) {
  const filter = new ReportFilter(settings);
  return times.map((ms) => filter.passes('A', INFO, ms));
}

describe('F01: the local filter of a reporter', () => {
  it('passes a code on from the third report within the window, as long as reports continue', () => {
    assert.deepEqual(outcomes([0, 1, 2, 3, 4]), [false, false, true, true, true]);
    assert.deepEqual(outcomes([0, 5000, 10_000]), [false, false, true]);
    assert.deepEqual(outcomes([0, 5000, 10_001]), [false, false, false]);
  });

  it('restarts when the window has passed', () => {
    assert.deepEqual(outcomes([0, 1, 20_000, 20_001, 20_002]), [false, false, false, false, true]);
  });

  it('passes severe reports on without', () => {
    const filter = new ReportFilter();
    assert.ok(filter.passes('A', ERROR, 0) && filter.passes('A', ERROR, 1));
    assert.equal(filter.passes('A', INFO, 2), false);
  });

  it('counts each code separately, and forgets on request', () => {
    const filter = new ReportFilter({ threshold: 2 });
    assert.equal(filter.passes('A', INFO, 0), false);
    assert.equal(filter.passes('B', INFO, 0), false);
    assert.equal(filter.passes('A', INFO, 1), true);
    filter.reset('A');
    assert.equal(filter.passes('A', INFO, 2), false);
    assert.equal(filter.passes('B', INFO, 2), true);
    filter.resetAll();
    assert.equal(filter.passes('B', INFO, 3), false);
  });

  it('uses the nearest valid setting', () => {
    assert.deepEqual(outcomes([0], { threshold: 0 }), [true]);
    assert.deepEqual(outcomes([0, 1, 1002], { threshold: 2, windowMs: -5 }), [false, true, false]);
    assert.deepEqual(outcomes([0], { enabled: false }), [true]);
  });

  it('forgets the code that was reported longest ago when there are too many', () => {
    const filter = new ReportFilter({ threshold: 2 });
    filter.passes('first', INFO, 0);
    filter.passes('second', INFO, 0);
    filter.passes('first', INFO, 1);
    for (let n = 0; n < 4095; n++) filter.passes(`C${n}`, INFO, 2);
    assert.equal(filter.passes('first', INFO, 3), true);
    assert.equal(filter.passes('second', INFO, 3), false);
  });
});
