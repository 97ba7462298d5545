import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callContext, FAULT_MANAGER_ID } from '@medkit/core';
import { SimulatedClock } from '@medkit/edges/testing';
import type { CatalogueRecording, StoredFrame } from '@medkit/faults';
import type { RosMessage } from '@medkit/ros2';
import { StoreFull } from '@medkit/store';
import { createMedkitNodes } from '../testing/create-medkit-nodes.ts';
import { FakeRos } from '../testing/fake-ros.ts';
import {
  type MemoryFaultManagerOptions,
  memoryFaultManager,
  servedFaultManager,
} from '../testing/memory-fault-manager.ts';
import { faultManagerNames } from './fault-manager-names.ts';

const NEWER: StoredFrame = {
  faultCode: 'A',
  captureId: 2,
  occurrence: 1,
  topic: '/arm/temperature',
  messageType: 'sensor_msgs/msg/Temperature',
  data: '{"temperature":85.5,"stamp":9007199254740993}',
  problem: '',
  history: '{"temperature":{"value":85.5,"history":[[2500,80],[9007199254740993,85.5]]}}',
  capturedAtNs: 3000n,
};
const SPEED: StoredFrame = {
  ...NEWER,
  topic: 'speed/',
  messageType: 'std_msgs/msg/Float32',
  data: '{"data": 1.',
  history: '',
  capturedAtNs: 2900n,
};
const OLDER: StoredFrame = { ...NEWER, captureId: 1, data: '{"temperature":20}', history: '', capturedAtNs: 1000n };
const COMPACT: StoredFrame = {
  ...NEWER,
  captureId: 0,
  topic: '',
  messageType: '',
  data: '{"/arm/temperature":{"temperature":85.5}}',
  history: '',
};
const RECORDING: CatalogueRecording = {
  id: 'fault_A_3',
  faultCodes: ['A'],
  path: '/data/fault_A_3',
  format: 'sqlite3',
  octets: 1024,
  durationMs: 6250,
  createdAtNs: 3_000_000n,
};

/** Runs the services of a fault manager with a client, and records what is published and logged. */
async function served(options: MemoryFaultManagerOptions = {}) {
  const clock = new SimulatedClock();
  const ros = new FakeRos();
  const logged: string[] = [];
  const said: string[] = [];
  const keeper = await servedFaultManager({
    name: 'ros2',
    medkitNodes: createMedkitNodes(ros, clock, ({ severity, message }) => said.push(`${severity} ${message}`)),
    names: faultManagerNames(''),
    opened: await memoryFaultManager(clock, options),
    clock,
    log: (_, message) => logged.push(message),
  });
  const call = async (service: string, request: RosMessage): Promise<RosMessage> =>
    ros.services.get(`/fault_manager/${service}`)!(request);
  const report = async (fault_code: string, fields: RosMessage = {}) => {
    const request = { fault_code, event_type: 0, severity: 2, description: 'hot', source_id: '/arm/motor', ...fields };
    return (await call('report_fault', request)).accepted;
  };
  const list = async (fields: RosMessage = {}) =>
    call('list_faults', {
      filter_by_severity: false,
      severity: 0,
      statuses: [],
      include_muted: false,
      include_clusters: false,
      ...fields,
    });
  const codes = (answer: RosMessage) => (answer.faults as readonly RosMessage[]).map(({ fault_code }) => fault_code);
  const events = () =>
    ros.published.filter(({ topic }) => topic === '/fault_manager/events').map(({ value }) => value as RosMessage);
  return { clock, ros, keeper, logged, said, events, call, report, list, codes };
}

describe('the node of the fault manager', () => {
  it('has parameters like every node, and logs the transitions of faults', async () => {
    const { call, report, said } = await served();
    assert.deepEqual((await call('list_parameters', { prefixes: [], depth: 0n })).result, {
      names: ['use_sim_time'],
      prefixes: [],
    });
    const parameters = [{ name: 'use_sim_time', value: { type: 1, bool_value: true } }];
    const [{ successful, reason }] = (await call('set_parameters', { parameters })).results as readonly RosMessage[];
    assert.deepEqual([successful, reason], [false, 'use_sim_time is read-only']);
    await report('MOTOR_HOT');
    await report('MOTOR_HOT');
    await call('clear_fault', { fault_code: 'MOTOR_HOT', skip_correlation_auto_clear: false });
    assert.deepEqual(said, ['warning MOTOR_HOT is confirmed (/arm/motor): hot', 'info MOTOR_HOT is cleared']);
  });
});

describe('the services of the fault manager', () => {
  it('P10: accepts a report, and returns the fault with its times', async () => {
    const { clock, report, call, keeper } = await served();
    clock.advance(1500);
    assert.equal(await report('MOTOR_HOT'), true);
    const { success, fault, environment_data } = await call('get_fault', { fault_code: 'MOTOR_HOT' });
    const at = { sec: Number(clock.wallNs() / 1_000_000_000n), nanosec: 500_000_000 };
    assert.equal(success, true);
    assert.deepEqual(fault, {
      fault_code: 'MOTOR_HOT',
      severity: 2,
      description: 'hot',
      first_occurred: at,
      last_occurred: at,
      last_passed: { sec: 0, nanosec: 0 },
      occurrence_count: 1,
      status: 'CONFIRMED',
      reporting_sources: ['/arm/motor'],
    });
    const found = await keeper.provider.get(FAULT_MANAGER_ID, 'MOTOR_HOT', callContext({ clock, timeoutMs: 1000 }));
    assert.deepEqual(found?.fault.reporters, [{ runtime: 'ros2', source: '/arm/motor' }]);
    const ns = clock.wallNs();
    assert.deepEqual(environment_data, {
      extended_data_records: { first_occurrence_ns: ns, last_occurrence_ns: ns },
      snapshots: [],
    });
  });

  it('keeps a fault active that one node reports as failed although another node reports it as passed', async () => {
    const { clock, report, call, keeper } = await served({
      configuration: { healing_enabled: true, healing_threshold: 0 },
    });
    const statusOf = async () => ((await call('get_fault', { fault_code: 'HOT' })).fault as RosMessage).status;
    const passed = (source_id: string) => report('HOT', { source_id, event_type: 1 });
    await report('HOT', { source_id: '/arm/motor' });
    await report('HOT', { source_id: '/base/motor' });
    assert.equal(await passed('/base/motor'), true);
    assert.equal(await statusOf(), 'CONFIRMED');
    const found = await keeper.provider.get(FAULT_MANAGER_ID, 'HOT', callContext({ clock, timeoutMs: 1000 }));
    assert.deepEqual(found?.fault.sourceResults, [
      { source: '/arm/motor', runtime: 'ros2', failing: true },
      { source: '/base/motor', runtime: 'ros2', failing: false },
    ]);
    await passed('/arm/motor');
    assert.equal(await statusOf(), 'HEALED');
  });

  it('2.2: rejects an invalid report, logs the reason at a limited rate, and stores nothing', async () => {
    const { report, list, logged, keeper, clock } = await served();
    assert.equal(await report('A', { event_type: 2 }), false);
    for (const [code, fields] of [
      ['', {}],
      ['a/b', {}],
      ['A', { severity: 4 }],
      ['A', { source_id: '' }],
    ] as const) {
      assert.equal(await report(code, fields), false);
    }
    assert.deepEqual(logged, ['A report of "A" was rejected: event_type 2 is not one of 0, 1']);
    clock.advance(1000);
    await report('a/b');
    assert.match(logged[1] ?? '', /"a\/b" was rejected: fault_code contains invalid character '\/'.*\(and 4 more/);
    assert.deepEqual((await list({ statuses: ['PREFAILED', 'CONFIRMED'] })).faults, []);
    assert.equal((await keeper.health()).figures.reports_rejected_total, 6);
  });

  it('2.3: lists confirmed faults by default, and by severity and status on request', async () => {
    const { report, list, codes, call } = await served();
    await report('B', { severity: 1 });
    await report('A');
    await report('C', { severity: 3 });
    await call('clear_fault', { fault_code: 'C', skip_correlation_auto_clear: false });
    assert.deepEqual(codes(await list()), ['A', 'B']);
    assert.deepEqual(codes(await list({ filter_by_severity: true, severity: 1 })), ['B']);
    assert.deepEqual(codes(await list({ statuses: ['CLEARED', 'nonsense'] })), ['C']);
    assert.deepEqual(codes(await list({ statuses: ['nonsense'] })), ['A', 'B']);
  });

  it('2.3, 2.5: reports symptoms and clears them with their root cause', async () => {
    const root = { id: 'estop', name: 'E-Stop', mode: 'hierarchical', windowMs: 1000 } as const;
    const rule = {
      ...root,
      rootCause: ['ESTOP'],
      symptoms: ['DRIVE_*'],
      muteSymptoms: true,
      autoClearWithRoot: true,
    };
    const { clock, report, list, codes, call, events } = await served({ rules: [rule] });
    await report('ESTOP', { severity: 3 });
    clock.advance(20);
    await report('DRIVE_LEFT');
    const plain = await list();
    assert.deepEqual([codes(plain), plain.muted_count, plain.muted_faults], [['ESTOP'], 1, []]);
    const whole = await list({ include_muted: true });
    assert.deepEqual(codes(whole), ['DRIVE_LEFT', 'ESTOP']);
    assert.deepEqual(whole.muted_faults, [
      { fault_code: 'DRIVE_LEFT', root_cause_code: 'ESTOP', rule_id: 'estop', delay_ms: 20 },
    ]);
    assert.deepEqual(await call('clear_fault', { fault_code: 'ESTOP', skip_correlation_auto_clear: false }), {
      success: true,
      message: 'Fault cleared: ESTOP (auto-cleared 1 symptoms)',
      auto_cleared_codes: ['DRIVE_LEFT'],
    });
    assert.deepEqual(events().at(-1)?.auto_cleared_codes, ['DRIVE_LEFT']);
  });

  it('P05, P06, P07: publishes each event once', async () => {
    const { report, call, ros, events } = await served();
    await report('A');
    await report('A', { source_id: '/other' });
    assert.equal((await call('clear_fault', { fault_code: 'A' })).message, 'Fault cleared: A');
    assert.deepEqual(await call('clear_fault', { fault_code: 'B' }), {
      success: false,
      message: 'Fault not found: B',
      auto_cleared_codes: [],
    });
    assert.deepEqual(
      events().map(({ event_type, fault }) => [event_type, (fault as RosMessage).status]),
      [
        ['fault_confirmed', 'CONFIRMED'],
        ['fault_updated', 'CONFIRMED'],
        ['fault_cleared', 'CLEARED'],
      ],
    );
    const { qos } = ros.publishers.find(({ topic }) => topic === '/fault_manager/events') ?? assert.fail();
    assert.deepEqual([qos.reliability, qos.durability, qos.depth], ['reliable', 'volatile', 100]);
  });

  it('P11: lists the faults of an entity, whatever their status', async () => {
    const { report, call, codes } = await served();
    await report('A');
    await report('B', { source_id: 'motor' });
    await report('C', { source_id: '/arm/motor_driver' });
    await call('clear_fault', { fault_code: 'B' });
    const of = (entity_id: string) => call('list_faults_for_entity', { entity_id });
    assert.deepEqual(codes(await of('motor')), ['A', 'B']);
    assert.deepEqual(codes(await of('arm')), []);
    assert.deepEqual(await of(''), { success: false, error_message: 'entity_id cannot be empty' });
  });

  it('2.4, 2.6, 2.7, 2.8: reports what does not exist', async () => {
    const { report, call } = await served();
    await report('A');
    const ask = async (service: string, request: RosMessage) => (await call(service, request)).error_message;
    for (const service of ['get_fault', 'get_snapshots', 'get_rosbag']) {
      assert.equal(await ask(service, { fault_code: 'B', topic: '', recording_id: '' }), 'Fault not found: B');
      assert.equal(await ask(service, { fault_code: '', topic: '', recording_id: '' }), 'fault_code cannot be empty');
    }
    assert.equal(await ask('get_rosbag', { fault_code: 'A', recording_id: '' }), 'No rosbag recording of fault A');
    assert.equal(await ask('list_rosbags', { entity_fqn: '' }), 'entity_fqn cannot be empty');
    assert.deepEqual((await call('list_rosbags', { entity_fqn: '/arm' })).recording_ids, []);
    const { success, data } = await call('get_snapshots', { fault_code: 'A', topic: '' });
    assert.equal(success, true);
    assert.deepEqual(JSON.parse(String(data)), { fault_code: 'A', topics: {}, rosbag: { available: false } });
  });

  it('2.4: gives the evidence, newest capture first with its histories, then evidence that outlives a clear, then recordings', async () => {
    const { report, call } = await served({ frames: [NEWER, SPEED, OLDER, COMPACT], recordings: [RECORDING] });
    await report('A');
    const { environment_data } = await call('get_fault', { fault_code: 'A' });
    const frame = { type: 'freeze_frame', topic: '/arm/temperature', message_type: 'sensor_msgs/msg/Temperature' };
    assert.deepEqual((environment_data as RosMessage).snapshots, [
      { ...frame, name: 'temperature', data: '{"temperature":85.5,"stamp":9007199254740993}', captured_at_ns: 3000n },
      {
        ...frame,
        ...{ name: 'speed/', topic: 'speed/', message_type: 'std_msgs/msg/Float32' },
        data: '{"data": 1.',
        captured_at_ns: 2900n,
      },
      {
        ...frame,
        ...{ name: 'history', topic: '', message_type: '', captured_at_ns: 3000n },
        data: '{"/arm/temperature.temperature":{"value":85.5,"history":[[2500,80],[9007199254740993,85.5]]}}',
      },
      { ...frame, name: 'temperature', data: '{"temperature":20}', captured_at_ns: 1000n },
      {
        ...frame,
        ...{ name: 'freeze_frame', topic: '', message_type: '' },
        data: '{"/arm/temperature":{"temperature":85.5}}',
        captured_at_ns: 3000n,
      },
      {
        type: 'rosbag',
        name: 'rosbag_fault_A_3',
        bulk_data_id: 'fault_A_3',
        size_bytes: 1024,
        duration_sec: 6.25,
        format: 'sqlite3',
        captured_at_ns: 3_000_000n,
      },
    ]);
  });

  it('P15, 2.6: gives the newest capture as JSON, each topic once, or the requested one', async () => {
    const again = { ...NEWER, data: '{"temperature":1}' };
    const { report, call } = await served({ frames: [NEWER, again, SPEED, OLDER, COMPACT], recordings: [RECORDING] });
    await report('A');
    const snapshots = async (topic: string) => String((await call('get_snapshots', { fault_code: 'A', topic })).data);
    const temperature = { message_type: 'sensor_msgs/msg/Temperature', data: { temperature: 85.5, stamp: 2 ** 53 } };
    const rosbag = {
      available: true,
      duration_sec: 6.25,
      size_bytes: 1024,
      format: 'sqlite3',
      download_url: '/api/v1/faults/A/snapshots/bag',
    };
    assert.deepEqual(JSON.parse(await snapshots('')), {
      fault_code: 'A',
      captured_at: 0.000003,
      topics: {
        '/arm/temperature': temperature,
        'speed/': { message_type: 'std_msgs/msg/Float32', data: '{"data": 1.' },
      },
      rosbag,
    });
    assert.match(await snapshots(''), /"stamp":9007199254740993[^0-9]/);
    assert.deepEqual(Object.keys(JSON.parse(await snapshots('/arm/temperature')).topics), ['/arm/temperature']);
    assert.deepEqual(JSON.parse(await snapshots('/none')), { fault_code: 'A', topics: {}, rosbag });
  });

  it('2.6: has no capture if only evidence that outlives a clear is left', async () => {
    const { report, call } = await served({ frames: [COMPACT] });
    await report('A');
    const { data } = await call('get_snapshots', { fault_code: 'A', topic: '' });
    assert.deepEqual(JSON.parse(String(data)), { fault_code: 'A', topics: {}, rosbag: { available: false } });
  });

  it('gives the reason if the evidence cannot be read', async () => {
    const { report, call } = await served({
      frames: [NEWER],
      onRead: () => {
        throw new StoreFull('the disk is full');
      },
    });
    await report('A');
    for (const service of ['get_fault', 'get_snapshots']) {
      const answer = await call(service, { fault_code: 'A', topic: '' });
      assert.deepEqual(answer, { success: false, error_message: 'the disk is full' });
    }
  });

  it('does not answer any more, and is removed from the graph, when it is closed', async () => {
    const { keeper, ros } = await served();
    await keeper.close();
    assert.equal(ros.closedNodes, 1);
  });
});
