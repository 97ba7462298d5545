import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FaultDetailResult } from '@medkit/contract';
import { NIGHT_MS, occurrence } from '../testing/occurrence.ts';
import { evidenceOf } from './fault-evidence.ts';

const captured_at = new Date(NIGHT_MS).toISOString();
const second = occurrence('STOP', 0, { number: 2 });

/** The detail of the second occurrence of a fault, as a gateway returns it. */
function detail(snapshots: readonly unknown[], about: object = {}): FaultDetailResult {
  const detailed: unknown = {
    item: {},
    environment_data: { snapshots },
    'x-medkit': { occurrence_count: 2, ...about },
  };
  return detailed as FaultDetailResult;
}

const frame = (name: string, data: unknown, about: object = {}) => ({
  type: 'freeze_frame',
  name,
  data,
  'x-medkit': { captured_at, ...about },
});

describe('the crossing of a configured threshold', () => {
  const threshold = frame('stop', 0.3, { role: 'threshold', of: '/range', blocks_motion: true, occurrence: 2 });
  const range = frame('range', 0.2, { topic: '/range', label: 'Distance', unit: 'm', occurrence: 2 });
  const at = (sec: number): number => (NIGHT_MS + sec * 1000) * 1e6;
  const history = frame('history', {
    '/range.min': {
      history: [
        [at(-3), 0.9],
        [at(-2), 0.25],
        [at(-1), 0.2],
      ],
    },
  });
  const crossing = {
    channel: '/range',
    label: 'Distance',
    value: 0.25,
    threshold: 0.3,
    unit: 'm',
    at: new Date(NIGHT_MS - 2000).toISOString(),
  };

  it('has the measured channel and its unit', () => {
    assert.deepEqual(evidenceOf(detail([threshold, range, history]), second), {
      recordings: [],
      crossing,
      blocksMotion: true,
    });
  });

  it('belongs to this occurrence only', () => {
    assert.deepEqual(evidenceOf(detail([threshold, range, history]), { ...second, number: 1 }), { recordings: [] });
  });

  it('is absent if the threshold was not crossed', () => {
    const calm = frame('history', {
      '/range.min': {
        history: [
          [at(-2), 0.9],
          [at(-1), 0.8],
        ],
      },
    });
    assert.deepEqual(evidenceOf(detail([threshold, range, calm]), second), { recordings: [] });
  });
});

describe('the crossing of a limit that a runtime reports with its values', () => {
  const limit = { of: 'tank.level', value: 90, side: 'above', unit: '%', label: 'Level' };
  const at = (sec: number): number => (NIGHT_MS + sec * 1000) * 1e6;
  const levels = (...values: readonly number[]) =>
    frame('history', { 'tank.level': { history: values.map((value, n) => [at(n - values.length), value]) } });
  const crossingWith = (limits: unknown, ...values: readonly number[]) =>
    evidenceOf(detail([frame('tank', { level: 91 }, { topic: '', limits }), levels(...values)]), second).crossing;

  it('has the field of the limit and its unit', () => {
    assert.deepEqual(crossingWith([limit], 80, 91.5, 92), {
      channel: 'tank.level',
      label: 'Level',
      value: 91.5,
      threshold: 90,
      unit: '%',
      at: new Date(NIGHT_MS - 2000).toISOString(),
    });
  });

  it('is found also if the value had returned by the capture, and the return is not a crossing', () => {
    assert.equal(crossingWith([limit], 80, 91.5, 70)?.value, 91.5);
    assert.equal(crossingWith([limit], 91.5, 70), undefined);
  });

  it('is absent if the history starts after it or belongs to another field', () => {
    assert.equal(crossingWith([limit], 91.5, 92), undefined);
    assert.equal(crossingWith([{ ...limit, of: 'tank.lev' }], 80, 91.5), undefined);
  });

  for (const wrong of [
    null,
    'above',
    [null],
    [{ ...limit, value: '90' }],
    [{ ...limit, side: 'beside' }],
    [{ ...limit, of: 4 }],
  ]) {
    it(`is absent for a limit that is ${JSON.stringify(wrong)}`, () => {
      assert.equal(crossingWith(wrong, 80, 91.5), undefined);
    });
  }
});

describe('the crossing of a port that is a threshold by its name', () => {
  const ports = {
    min_range_m: {
      value: 0.2,
      history: [
        [1_000_000, 0.9],
        [1_500_000, 0.28],
        [2_000_000, 0.2],
      ],
    },
    stop_threshold_m: { value: 0.3, history: [[2_000_000, 0.3]] },
    speed_mps: {
      value: 0,
      history: [
        [1_000_000, 0.9],
        [2_000_000, 0],
      ],
    },
  };

  it('is at the time of the capture minus the elapsed microseconds of the runtime', () => {
    assert.deepEqual(evidenceOf(detail([frame('island', ports)]), second).crossing, {
      channel: 'min_range_m',
      value: 0.28,
      threshold: 0.3,
      unit: 'm',
      at: new Date(NIGHT_MS - 500).toISOString(),
    });
  });

  for (const [what, data] of [
    ['a frame with the threshold alone', { stop_threshold_m: ports.stop_threshold_m }],
    ['a history without samples', { ...ports, min_range_m: { value: 1, history: [null, 'x', [], ['a', 'b']] } }],
    [
      'times out of range',
      {
        ...ports,
        min_range_m: {
          value: 1,
          history: [
            [-1e300, 0.9],
            [1e300, 0.2],
          ],
        },
      },
    ],
    ['a threshold that is text', { ...ports, stop_threshold_m: { value: 'low', history: [[2, 1]] } }],
    ['a text', 'min_range_m'],
    ['null', null],
  ] as const) {
    it(`is absent for ${what}`, () => {
      assert.equal(evidenceOf(detail([frame('island', data)]), second).crossing, undefined);
    });
  }

  it('is absent for histories of topics, which have other times', () => {
    assert.equal(evidenceOf(detail([frame('history', ports)]), second).crossing, undefined);
  });

  it('is absent for a capture without a time', () => {
    assert.equal(evidenceOf(detail([frame('island', ports, { captured_at: 'soon' })]), second).crossing, undefined);
  });
});

describe('recordings', () => {
  const recording = (id: string, about: object = {}) => ({
    type: 'rosbag',
    name: id,
    bulk_data_uri: `/apps/a/bulk-data/rosbags/${id}`,
    size_bytes: 9,
    format: 'mcap',
    'x-medkit': about,
  });
  const both = detail([recording('new'), recording('old', { earlier_occurrence: true })]);
  const ids = (number: number) => evidenceOf(both, { ...second, number }).recordings.map(({ id }) => id);

  it('belong to the same occurrence', () => {
    assert.deepEqual([ids(2), ids(1)], [['new'], ['old']]);
  });

  it('name their gateway', () => {
    const [named] = evidenceOf(detail([recording('r')]), { ...second, origin: 'arm' }).recordings;
    assert.deepEqual(named, {
      id: 'r',
      fault_code: 'STOP',
      href: '/apps/a/bulk-data/rosbags/r',
      size_bytes: 9,
      format: 'mcap',
      origin: 'arm',
    });
  });
});

it('a cause that explains the fault now explains its present occurrence only', () => {
  const about = {
    symptom_of: { root_cause_code: 'LOW', rule_id: 'r' },
    cluster: { cluster_id: 'c', rule_id: 'r', representative_code: 'LOW' },
  };
  assert.deepEqual(evidenceOf(detail([], about), second), {
    recordings: [],
    clusterId: 'c',
    cause: { origin: 'local', code: 'LOW', ruleId: 'r' },
  });
  assert.deepEqual(evidenceOf(detail([], about), { ...second, number: 1 }), { recordings: [] });
});
