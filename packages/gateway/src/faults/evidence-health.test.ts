import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Quota } from '@medkit/edges';
import { StoreUnavailable } from '@medkit/store';
import { evidenceHealth } from './evidence-health.ts';

const quota = new Quota(64).figures();
const captures = { running: 1, waiting: 2, dropped: 0, lost: 3, quotas: { waiting_captures: quota } };
const logs = { figures: () => quota };
const ring = { samples: 40, weight: 5000, crowdedOut: 6, tooLarge: 7 };
const blackBox = { topics: 8, ring, recordingsUnderWay: 1, notRecorded: 9, lost: 0 };
const health = (facts: object, of: Partial<typeof captures> = {}) =>
  evidenceHealth(
    { facts: () => ({ ...captures, ...of }) },
    { facts: async () => ({ recordings: 2, octets: 300, blackBox, ...facts }) },
    logs,
  );

it('the health of the evidence has figures of captures, of the buffer and of recordings', async () => {
  const { warnings, figures, quotas } = await health({});
  assert.deepEqual(quotas, { waiting_captures: quota, open_log_windows: quota });
  assert.deepEqual(warnings, []);
  assert.deepEqual(figures, {
    captures: { running: 1, waiting: 2, dropped_total: 0, lost_total: 3 },
    recordings: {
      count: 2,
      bytes: 300,
      topics: 8,
      under_way: 1,
      buffer_bytes: 5000,
      buffer_samples: 40,
      crowded_out_samples_total: 6,
      too_large_samples_total: 7,
      not_recorded_total: 9,
      lost_total: 0,
    },
  });
});

it('it has no figures of the buffer if recording is off, and none of recordings that cannot be counted', async () => {
  const { figures } = await health({ blackBox: undefined });
  assert.deepEqual(figures['recordings'], { count: 2, bytes: 300 });
  const unknown = await evidenceHealth(
    { facts: () => captures },
    { facts: () => Promise.reject(new StoreUnavailable('the thread is down')) },
    logs,
  );
  assert.equal('recordings' in unknown.figures, false);
});

it('it warns of captures that were dropped, and of recordings that were lost', async () => {
  const { warnings } = await health({ blackBox: { ...blackBox, lost: 2 } }, { dropped: 4 });
  assert.deepEqual(
    warnings.map(({ code, message }) => [code, message.split(' ')[0]]),
    [
      ['fault_captures_dropped', '4'],
      ['fault_recordings_lost', '2'],
    ],
  );
});
