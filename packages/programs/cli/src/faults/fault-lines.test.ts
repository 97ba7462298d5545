import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FaultDetailResult } from '@medkit/contract';
import { glyphsOf } from '../terminal/glyphs.ts';
import { faultLines } from './fault-lines.ts';

type Snapshots = FaultDetailResult['environment_data']['snapshots'];

const AT = '2026-02-04T10:30:12.500Z';
const BEFORE = '2026-02-04T10:20:00.000Z';

function lines(snapshots: Snapshots, about: FaultDetailResult['x-medkit'] = {}): readonly string[] {
  return faultLines({
    item: { code: 'STOP', severity: 2, status: { aggregatedStatus: 'active' } },
    environment_data: { snapshots },
    'x-medkit': about,
  });
}

const frame = (captured_at: string, more = {}) => ({
  type: 'freeze_frame' as const,
  name: 'speed',
  data: 0,
  'x-medkit': { topic: '/speed', message_type: 'T', captured_at, ...more },
});
const line = (found: readonly string[], start: string) =>
  found.find((each) => each.trimStart().startsWith(start)) ?? '';

describe('a fault for a person', () => {
  it('has evidence with its time, and that of an earlier occurrence is marked', () => {
    const found = lines([
      frame(AT, { occurrence: 3 }),
      frame(BEFORE, { occurrence: 1, earlier_occurrence: true }),
      {
        type: 'rosbag',
        name: 'rosbag_1',
        bulk_data_uri: '/b',
        size_bytes: 1000,
        duration_sec: 9,
        format: 'mcap',
        'x-medkit': { captured_at: BEFORE, earlier_occurrence: true },
      },
    ]);
    const [now, past] = found.filter((each) => each.startsWith('  speed'));
    assert.match(now, /speed {3}\/speed {3}.*:12\.500$/);
    assert.match(past, /:00\.000 {3}of occurrence 1$/);
    assert.match(line(found, 'recording'), /1\.0 kB {3}.*of an earlier occurrence$/);
  });

  it('shows the course of each number, and its duration', () => {
    const history = {
      '/cmd_vel.linear.x': {
        value: 0,
        history: [
          [1_770_201_002_500_000_000n, 0.6],
          [1_770_201_008_000_000_000n, 0.8],
          [1_770_201_012_500_000_000n, 0],
        ],
      },
    };
    const found = lines([{ type: 'freeze_frame', name: 'history', data: history }]);
    assert.equal(line(found, '/cmd_vel'), '    /cmd_vel.linear.x   0.6 … 0   0 to 0.8 in 10.0 s, 3 values');
  });

  it('draws how a value crossed its threshold, in the present occurrence', () => {
    const ns = (second: number) => 1_770_201_000_000_000_000n + BigInt(second) * 1_000_000_000n;
    const history = [2, 2, 2, 0.2, 0.1].map((value, second) => [ns(second), value]);
    const about = { ...frame(AT)['x-medkit'], occurrence: 2 };
    const marked = { role: 'threshold' as const, of: '/front/range', unit: 'm', blocks_motion: true };
    const snapshots: Snapshots = [
      { type: 'freeze_frame', name: 'stop', data: 0.8, 'x-medkit': { ...about, topic: '/front/stop', ...marked } },
      {
        type: 'freeze_frame',
        name: 'range',
        data: 0.1,
        'x-medkit': { ...about, topic: '/front/range', label: 'nearest obstacle' },
      },
      { type: 'freeze_frame', name: 'history', data: { '/front/range.data': { value: 0.1, history } } },
    ];
    const detail = {
      item: { code: 'STOP', severity: 2, status: { aggregatedStatus: 'active' as const } },
      environment_data: { snapshots },
    };
    const drawn = (columns: number, occurrence_count = 2) =>
      faultLines({ ...detail, 'x-medkit': { occurrence_count } }, { columns, glyphs: glyphsOf({ NO_COLOR: '1' }) });
    const at = drawn(40).findIndex((each) => each.startsWith('  nearest obstacle'));
    assert.match(
      drawn(40)[at] ?? '',
      /nearest obstacle 0\.20 m < 0\.8 m {3}.*:03\.000 {3}blocks the motion of the robot/,
    );
    assert.deepEqual(drawn(40).slice(at + 1, at + 3), [
      '    2 ##############_____ 0.1 m in 4.0 s',
      '                    ^^^^^ below 0.8 m',
    ]);
    assert.equal(
      drawn(40, 3).some((each) => each.startsWith('  nearest obstacle')),
      false,
    );
  });

  it('has the last log lines around it', () => {
    const item = (at: number) => ({
      timestamp: `2026-02-04T10:30:${String(at).padStart(2, '0')}.000000000Z`,
      severity: 'error',
      message: `line ${at}`,
      logger_name: '/motor',
    });
    const items = Array.from({ length: 45 }, (_, at) => item(at));
    const found = faultLines({
      item: { code: 'STOP', severity: 2, status: { aggregatedStatus: 'active' } },
      environment_data: {
        logs: [{ occurrence: 1, earlier_occurrence: true, from: BEFORE, to: AT, items, omitted: 2 }],
      },
    });
    const at = found.indexOf('  log   of occurrence 1');
    assert.equal(found[at + 1], '    # … 7 more lines');
    assert.match(found[at + 2], /:05\.000 {2}error {4}\/motor {2}line 5$/);
    assert.match(found.at(-1) ?? '', /line 44$/);
  });

  it('shows a topic named history as a topic', () => {
    const found = lines([
      { ...frame(AT), name: 'history', data: { a: 1 }, 'x-medkit': { ...frame(AT)['x-medkit'], topic: '/a/history' } },
    ]);
    assert.equal(found.at(-1), '    a: 1');
  });

  it('says when it was confirmed, healed and cleared, by whom, and what is missing', () => {
    const found = lines([], {
      confirmed_at: Date.parse(BEFORE) / 1000,
      healed_at: Date.parse(AT) / 1000,
      cleared_at: Date.parse(AT) / 1000,
      cleared_by: 'clear_service:alice',
      missing_evidence: 'nothing was captured: why',
    });
    assert.match(line(found, 'confirmed'), /:00\.000$/);
    assert.match(line(found, 'healed'), /:12\.500$/);
    assert.match(line(found, 'cleared'), /:12\.500 by clear_service:alice$/);
    assert.match(line(found, 'missing'), /nothing was captured: why$/);
  });
});
