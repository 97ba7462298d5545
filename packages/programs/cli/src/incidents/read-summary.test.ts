import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gatewayOf } from '../testing/gateway-of.ts';
import { readSummary } from './read-summary.ts';

const BEGAN = '2026-03-23T02:14:38.000Z';
const BEGAN_NS = Date.parse(BEGAN) * 1e6;
const FAULTS = [
  { fault_code: 'OVERPRESSURE', role: 'root', entity_id: 'tank', entity_type: 'app', occurrence: 1 },
  { fault_code: 'SLOW', role: 'symptom', entity_id: 'nav', entity_type: 'app', occurrence: 1 },
];

const frame = (name: string, data: unknown, about: object) => ({
  type: 'freeze_frame',
  name,
  data,
  'x-medkit': { captured_at: BEGAN, occurrence: 1, ...about },
});

/** Evidence of a scanner with these ranges, one per second; the last one when the fault occurred. */
const seen = (ranges: readonly number[]) => ({
  environment_data: {
    snapshots: [
      frame('range', ranges.at(-1), { topic: '/range', role: 'measured' }),
      frame('stop', 0.8, { topic: '/stop', role: 'threshold', of: '/range' }),
      frame(
        'history',
        {
          '/range.data': {
            value: ranges.at(-1),
            history: ranges.map((range, at) => [BEGAN_NS + (at + 1 - ranges.length) * 1e9, range]),
          },
        },
        {},
      ),
    ],
  },
});

const gateway = (evidence: Readonly<Record<'tank' | 'nav', unknown>>) => {
  const timeline = '/x-medkit-incidents/inc_1/x-medkit-timeline';
  const people = `${timeline}?kinds=people&limit=1000&after=2026-03-23T01:59:38.000Z&before=${BEGAN}`;
  return gatewayOf({
    '/x-medkit-incidents/inc_1': { id: 'inc_1', began: BEGAN, root: 'OVERPRESSURE', faults: FAULTS },
    [people]: { items: [] },
    [`${timeline}?kinds=log&limit=1000`]: { items: [] },
    '/apps/tank/faults/OVERPRESSURE': evidence.tank,
    '/apps/nav/faults/SLOW': evidence.nav,
  });
};
const NOTHING = { environment_data: { snapshots: [] } };

describe('the value that illustrates an incident', () => {
  it('is not that of a symptom that was beyond its threshold all the time', async () => {
    const story = await readSummary(gateway({ tank: NOTHING, nav: seen([2, 2.1, 2]) }), 'inc_1');
    assert.equal(story.measured, undefined);
  });

  it('is that of a symptom that crossed its threshold, if the root has none', async () => {
    const story = await readSummary(gateway({ tank: NOTHING, nav: seen([2, 1, 0.5]) }), 'inc_1');
    assert.equal(story.measured?.of.fault_code, 'SLOW');
  });

  it('is that of the root, also if it was beyond its threshold all the time', async () => {
    const story = await readSummary(gateway({ tank: seen([0.5, 0.4]), nav: seen([2, 1, 0.5]) }), 'inc_1');
    assert.equal(story.measured?.of.fault_code, 'OVERPRESSURE');
  });
});
