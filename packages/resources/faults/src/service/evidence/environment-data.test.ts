import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Fault, FaultRecording, FaultSnapshot, FrameProvenance, FreezeFrame, JsonValue } from '@medkit/core';
import { fault } from '@medkit/core/testing';
import { environmentData } from './environment-data.ts';

const AT_NS = 1_770_201_012_500_000_000n;
const AT = '2026-02-04T10:30:12.500Z';

function frame(topic: string, messageType: string, data: JsonValue, more: Partial<FreezeFrame> = {}): FreezeFrame {
  const name = topic.slice(topic.lastIndexOf('/') + 1);
  return { kind: 'freeze_frame', name, channel: topic, messageType, data, captureId: 1, capturedAtNs: AT_NS, ...more };
}

const TEMPERATURE = frame('/motor/temperature', 'sensor_msgs/msg/Temperature', { temperature: 85.5, variance: 0 });
const RECORDING: FaultRecording = {
  kind: 'recording',
  id: 'fault_MOTOR_HOT_1770201012500',
  faultCodes: ['MOTOR_HOT'],
  format: 'mcap',
  octets: 184_320,
  durationMs: 6_250,
  createdAtNs: AT_NS,
};

function environment(snapshots: readonly FaultSnapshot[], entityPath = '/apps/motor', fields: Partial<Fault> = {}) {
  const { snapshots: items = [], extended_data_records: records } = environmentData(
    { fault: fault('MOTOR_HOT', fields), thresholds: [], snapshots },
    entityPath,
  );
  // As a client reads them, without the distinction of kinds.
  return { items: items as readonly Record<string, unknown>[], records };
}

describe('the log lines around a fault', () => {
  it('are returned in the format of logs, and those of an earlier occurrence are marked', () => {
    const line = { atNs: AT_NS + 5n, severity: 'error', logger: 'arm.gripper', message: 'Slipped' };
    const window = { occurrence: 1, fromNs: AT_NS, toNs: AT_NS + 30_000_000_000n, lines: [line], omitted: 3 };
    const logs = (occurrenceCount: number) =>
      environmentData({ fault: fault('F', { occurrenceCount }), thresholds: [], snapshots: [], logs: [window] }, '/a')
        .logs;
    const item = {
      occurrence: 1,
      from: AT,
      to: '2026-02-04T10:30:42.500Z',
      items: [
        {
          timestamp: '2026-02-04T10:30:12.500000005Z',
          severity: 'error',
          message: 'Slipped',
          logger_name: '/arm/gripper',
        },
      ],
      omitted: 3,
    };
    assert.deepEqual(logs(1), [item]);
    assert.deepEqual(logs(2), [{ ...item, earlier_occurrence: true }]);
  });
});

describe('the description of a topic', () => {
  it('is returned with its frame', () => {
    const meaning = { role: 'threshold', of: '/range', unit: 'm', label: 'stops below', blocksMotion: true } as const;
    const [item] = environment([frame('/threshold', 'std_msgs/msg/Float64', { data: 0.8 }, { meaning })]).items;
    const { role, of, unit, label, blocks_motion } = (item as NonNullable<typeof item>)['x-medkit'] as Record<
      string,
      unknown
    >;
    assert.deepEqual([role, of, unit, label, blocks_motion], ['threshold', '/range', 'm', 'stops below', true]);
  });
});

describe('the limits of the values of an entity', () => {
  it('are returned with their frame, by the names of the numbers in its history', () => {
    const history = { level: { value: 91, history: [[1n, 80] as const, [2n, 91] as const] } };
    const limits = [{ field: 'level', value: 90, side: 'above', unit: '%', label: 'Level' }] as const;
    const [current, past] = environment([{ ...TEMPERATURE, name: 'tank', channel: '', history, limits }]).items;
    const extension = current?.['x-medkit'] as Record<string, unknown> | undefined;
    assert.deepEqual(extension?.['limits'], [
      { of: 'tank.level', value: 90, side: 'above', unit: '%', label: 'Level' },
    ]);
    assert.deepEqual(Object.keys(past?.['data'] as object), ['tank.level']);
  });
});

describe('one topic of two robots', () => {
  it('is distinguished by its runtime, also in its history and its record', () => {
    const history = { temperature: { value: 85.5, history: [[1n, 85.5]] } } as const;
    const { items, records } = environment(['north', 'south'].map((runtime) => ({ ...TEMPERATURE, runtime, history })));
    assert.deepEqual(
      items.map((item) => (item['x-medkit'] as Record<string, unknown>)['runtime']),
      ['north', 'south', undefined],
    );
    const paths = Object.keys(items[2]?.['data'] as object);
    assert.deepEqual(paths, ['north /motor/temperature.temperature', 'south /motor/temperature.temperature']);
    const ids = records?.freeze_frame_snapshots?.map(({ snapshot_id }) => snapshot_id);
    assert.equal(new Set(ids).size, 3);
  });
});

describe('evidence of an earlier occurrence', () => {
  const marks = (snapshots: readonly FaultSnapshot[], fields: Partial<Fault>) =>
    environment(snapshots, '/apps/motor', fields).items.map((item) => {
      const { occurrence, earlier_occurrence: earlier } = item['x-medkit'] as Record<string, unknown>;
      return [item['name'], occurrence, earlier];
    });
  const history = { temperature: { value: 85.5, history: [[1n, 85.5]] } } as const;

  it('is marked, including its history, and that of the present one is not', () => {
    const snapshots = [3, 1].map((occurrence) => ({ ...TEMPERATURE, history, captureId: occurrence, occurrence }));
    assert.deepEqual(marks(snapshots, { occurrenceCount: 3 }), [
      ['temperature', 3, undefined],
      ['history', 3, undefined],
      ['temperature', 1, true],
      ['history', 1, true],
    ]);
    assert.deepEqual(
      environment(snapshots).records?.freeze_frame_snapshots?.map(({ occurrence }) => occurrence),
      [3, 3, 1, 1],
    );
  });

  it('is not marked if its occurrence is unknown', () => {
    assert.deepEqual(marks([TEMPERATURE], { occurrenceCount: 3 }), [['temperature', undefined, undefined]]);
  });

  it('is a recording from before the fault was confirmed, to the millisecond in its name', () => {
    const earlier = (afterNs: bigint) => marks([RECORDING], { confirmedAtNs: AT_NS + afterNs })[0]?.[2];
    assert.deepEqual([earlier(-1n), earlier(999_999n), earlier(1_000_000n)], [undefined, undefined, true]);
  });
});

describe('a freeze frame', () => {
  it('H02: has the main value of its type, and also the message', () => {
    assert.deepEqual(environment([TEMPERATURE]).items, [
      {
        type: 'freeze_frame',
        name: 'temperature',
        data: 85.5,
        'x-medkit': {
          topic: '/motor/temperature',
          message_type: 'sensor_msgs/msg/Temperature',
          full_data: { temperature: 85.5, variance: 0 },
          captured_at: AT,
        },
      },
    ]);
  });

  const known: readonly (readonly [string, JsonValue, JsonValue])[] = [
    ['std_msgs/msg/Float32', { data: 1.5 }, 1.5],
    ['std_msgs/msg/Float64', { data: 42.5 }, 42.5],
    ['std_msgs/msg/Int32', { data: -7 }, -7],
    ['std_msgs/msg/Int64', { data: 2n ** 62n }, 2n ** 62n],
    ['std_msgs/msg/Bool', { data: false }, false],
    ['std_msgs/msg/String', { data: '' }, ''],
    ['sensor_msgs/msg/BatteryState', { percentage: 0.4, voltage: 24 }, 0.4],
    ['sensor_msgs/msg/FluidPressure', { fluid_pressure: 101_325 }, 101_325],
    ['sensor_msgs/msg/Range', { range: 0.11 }, 0.11],
    ['geometry_msgs/msg/Twist', { linear: { x: 0.5 }, angular: { z: 0 } }, { x: 0.5 }],
    ['nav_msgs/msg/Odometry', { pose: { pose: { x: 1 } }, twist: {} }, { pose: { x: 1 } }],
  ];
  for (const [type, message, value] of known) {
    it(`H02: of ${type} has its value`, () => {
      assert.deepEqual(environment([frame('/a', type, message)]).items[0]?.data, value);
    });
  }

  it('H10: of any other type contains the whole message once', () => {
    const scan = { ranges: [1, 2.5] };
    for (const item of [
      frame('/scan', 'sensor_msgs/msg/LaserScan', scan),
      frame('/odd', 'std_msgs/msg/Bool', { value: true }),
      frame('/odd', 'std_msgs/msg/Bool', [true]),
    ]) {
      const [result] = environment([item]).items;
      assert.deepEqual(result?.data, item.data);
      assert.equal('full_data' in (result['x-medkit'] as object), false);
    }
  });

  it('H08: of invalid JSON has its text, and the reason', () => {
    const broken = frame('/a', 'std_msgs/msg/Bool', '{"data": tr', { problem: 'Not JSON: unexpected end' });
    assert.deepEqual(environment([broken]).items[0], {
      type: 'freeze_frame',
      name: 'a',
      data: '{"data": tr',
      'x-medkit': {
        topic: '/a',
        message_type: 'std_msgs/msg/Bool',
        captured_at: AT,
        parse_error: 'Not JSON: unexpected end',
      },
    });
  });

  it('H03, E04: has its origin if that is known, and nothing otherwise', () => {
    const extensionOf = (provenance?: FrameProvenance) => {
      const captured = frame('', '', { pressure: 12 }, { name: 'brake', ...(provenance && { provenance }) });
      return environment([captured]).items[0]?.['x-medkit'];
    };
    const plain = { topic: '', message_type: '', captured_at: AT };
    assert.deepEqual(extensionOf(), plain);
    assert.deepEqual(extensionOf({ atStart: false, connected: true, sourceTimestampNs: AT_NS }), {
      ...plain,
      source_timestamp: AT,
    });
    assert.deepEqual(extensionOf({ atStart: true, connected: false, sourceTimestampNs: AT_NS }), {
      ...plain,
      capture_origin: 'startup',
      connected: false,
      source_timestamp: AT,
    });
  });

  it('that is truncated is marked', () => {
    const cut = frame('/scan', 'sensor_msgs/msg/LaserScan', { ranges: [] }, { problem: '2 MB are too long' });
    const extension = environment([cut]).items[0]?.['x-medkit'] as Record<string, unknown>;
    assert.deepEqual([extension.problem, 'parse_error' in extension], ['2 MB are too long', false]);
  });
});

describe('the histories of a capture', () => {
  const history = { value: 0.11, history: [[35_333_291_470n, 2.749] as const, [35_333_862_814n, 0.11] as const] };

  it('are one frame after the others, by topic and field', () => {
    const still = { value: 0, history: [[35_333_591_782n, 0] as const] };
    const range = frame('/gate', 'a/msg/Range', { min: 0.11 }, { history: { min: history } });
    const speed = frame(
      '/cmd_vel',
      'geometry_msgs/msg/Twist',
      {},
      {
        history: { 'linear.x': still, 'angular.z': still },
        capturedAtNs: AT_NS + 1_000_000n,
      },
    );
    const older = frame('/gate', 'a/msg/Range', { min: 2 }, { captureId: 0 });
    const { items } = environment([range, speed, older, RECORDING]);
    assert.deepEqual(
      items.map(({ name }) => name),
      ['gate', 'cmd_vel', 'history', 'gate', `rosbag_${RECORDING.id}`],
    );
    assert.deepEqual(items[2], {
      type: 'freeze_frame',
      name: 'history',
      data: { '/gate.min': history, '/cmd_vel.linear.x': still, '/cmd_vel.angular.z': still },
      'x-medkit': { topic: '', message_type: '', captured_at: '2026-02-04T10:30:12.501Z' },
    });
  });

  it('are one frame for each capture', () => {
    const captures = [2, 1].map((captureId) =>
      frame('/gate', 'a/msg/Range', {}, { captureId, history: { min: history } }),
    );
    assert.deepEqual(
      environment(captures).items.map(({ name }) => name),
      ['gate', 'history', 'gate', 'history'],
    );
  });
});

describe('a recording', () => {
  it('H05: has a path below the requested entity, whatever the path of the request', () => {
    for (const path of ['/apps/motor', '/components/powertrain', '/areas/plant/subareas/press']) {
      const uri = `${path}/bulk-data/rosbags/fault_MOTOR_HOT_1770201012500`;
      const { items, records } = environment([RECORDING], path);
      assert.deepEqual(items, [
        {
          type: 'rosbag',
          name: 'rosbag_fault_MOTOR_HOT_1770201012500',
          bulk_data_uri: uri,
          size_bytes: 184_320,
          duration_sec: 6.25,
          format: 'mcap',
          'x-medkit': { captured_at: AT },
        },
      ]);
      assert.equal(records?.rosbag_snapshots?.[0]?.bulk_data_uri, uri);
    }
  });

  it('has no creation time if that is unknown', () => {
    assert.equal('x-medkit' in environment([{ ...RECORDING, createdAtNs: 0n }]).items[0]!, false);
  });
});

describe('the evidence of a fault', () => {
  it('H04, H12: keeps its order, every part has a type, and foreign parts stay unchanged', () => {
    const body = {
      type: 'freeze_frame',
      name: 'RTMaps freeze-frame',
      data: { min_range_m: { value: 5, history: [[35_333_291_470, 2.749]] } },
    };
    const { items } = environment([TEMPERATURE, { kind: 'foreign', body }, RECORDING]);
    assert.deepEqual(
      items.map(({ type }) => type),
      ['freeze_frame', 'freeze_frame', 'rosbag'],
    );
    assert.equal(items[1], body);
  });

  it('is available as records by kind as well', () => {
    const { records } = environment([TEMPERATURE, RECORDING]);
    assert.deepEqual(records, {
      first_occurrence: '2026-02-04T10:30:00.000Z',
      last_occurrence: AT,
      freeze_frame_snapshots: [
        {
          snapshot_id: 'temperature_1770201012500000000',
          timestamp: AT,
          data_source: '/motor/temperature',
          data: { temperature: 85.5, variance: 0 },
        },
      ],
      rosbag_snapshots: [
        {
          snapshot_id: 'fault_MOTOR_HOT_1770201012500',
          timestamp: AT,
          bulk_data_uri: '/apps/motor/bulk-data/rosbags/fault_MOTOR_HOT_1770201012500',
          file_size: 184_320,
          is_available: true,
        },
      ],
    });
  });

  it('has a large message once, and only objects as records', () => {
    const scan = (values: number) =>
      frame('/scan', 'a/msg/Scan', { ranges: Array.from({ length: values }, () => 1.5) });
    const recordOf = (item: FreezeFrame) => environment([item]).records?.freeze_frame_snapshots?.[0];
    assert.equal('data' in recordOf(scan(256))!, true);
    assert.equal('data' in recordOf(scan(257))!, false);
    assert.equal('data' in recordOf(frame('/a', 'a/msg/A', 'text', { problem: 'Not JSON' }))!, false);
  });
});
