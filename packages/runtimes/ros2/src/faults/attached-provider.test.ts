import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callContext, FAULT_MANAGER_ID, type RecordingSource } from '@medkit/core';
import { MemoryFiles, SimulatedClock } from '@medkit/edges/testing';
import type { RosMessage, ServiceHandler } from '@medkit/ros2';
import { FakeRos } from '../testing/fake-ros.ts';
import { attachFaults } from './attached-faults.ts';
import { faultManagerNames } from './fault-manager-names.ts';

const FAULT = {
  fault_code: 'HOT',
  severity: 2,
  description: '',
  status: 'CONFIRMED',
  occurrence_count: 1,
  reporting_sources: ['/arm/motor'],
  first_occurred: { sec: 1, nanosec: 0 },
  last_occurred: { sec: 2, nanosec: 0 },
  last_passed: { sec: 0, nanosec: 0 },
};
const FRAME = {
  type: 'freeze_frame',
  name: 'temperature',
  data: '{"temperature":85.5,"stamp":9007199254740993}',
  topic: '/arm/temperature',
  message_type: 'sensor_msgs/msg/Temperature',
  captured_at_ns: 1_770_201_012_500_000_000n,
};
const ROSBAG = {
  type: 'rosbag',
  name: 'rosbag_fault_HOT_1770201012500',
  data: '',
  bulk_data_id: 'fault_HOT_1770201012500',
  size_bytes: 184_320n,
  duration_sec: 6.25,
  format: 'mcap',
  captured_at_ns: 1_770_201_012_500_000_000n,
};

/** Returns medkit's fault provider for a fault manager with these services. */
async function attached(services: Readonly<Record<string, ServiceHandler>>, disk = new MemoryFiles()) {
  const clock = new SimulatedClock();
  const ros = new FakeRos();
  const names = faultManagerNames('');
  for (const [name, answer] of Object.entries(services)) ros.services.set(names.service(name), answer);
  const logged: string[] = [];
  const { provider } = await attachFaults({
    node: await ros.node({ name: 'medkit' }),
    names,
    files: disk,
    clock,
    timeoutMs: 1000,
    log: (_, message) => logged.push(message),
    faultChanged: () => undefined,
  });
  const call = () => callContext({ clock, timeoutMs: 1000 });
  return {
    logged,
    get: (code: string) => provider.get(FAULT_MANAGER_ID, code, call()),
    recordings: (...sources: string[]) => provider.recordings(FAULT_MANAGER_ID, sources, call()),
    recording: (idOrCode: string) => provider.recording(FAULT_MANAGER_ID, idOrCode, call()),
  };
}

/** A manager with this evidence of the fault. */
function evident(...snapshots: readonly RosMessage[]) {
  const records = { first_occurrence_ns: 1n, last_occurrence_ns: 2n };
  const environment_data = { extended_data_records: records, snapshots };
  return attached({ get_fault: () => ({ success: true, fault: FAULT, environment_data }) });
}

describe('the evidence of an attached fault manager', () => {
  it('Y01: is copied unchanged, 64-bit integers included', async () => {
    const detail = await (await evident(FRAME, ROSBAG)).get('HOT');
    assert.deepEqual(detail?.snapshots, [
      {
        kind: 'freeze_frame',
        name: 'temperature',
        channel: '/arm/temperature',
        messageType: 'sensor_msgs/msg/Temperature',
        data: { temperature: 85.5, stamp: 9_007_199_254_740_993n },
        capturedAtNs: 1_770_201_012_500_000_000n,
      },
      {
        kind: 'recording',
        id: 'fault_HOT_1770201012500',
        faultCodes: ['HOT'],
        format: 'mcap',
        octets: 184_320,
        durationMs: 6250,
        createdAtNs: 1_770_201_012_500_000_000n,
      },
    ]);
  });

  it('Y01: that is not JSON becomes text, with the reason', async () => {
    const detail = await (await evident({ ...FRAME, data: '{"temp' }, { ...FRAME, data: '{}' })).get('HOT');
    const [broken, empty] = detail?.snapshots ?? [];
    assert.ok(broken?.kind === 'freeze_frame' && empty?.kind === 'freeze_frame');
    assert.equal(broken.data, '{"temp');
    assert.match(broken.problem ?? '', /^Not JSON: /);
    assert.deepEqual([empty.data, empty.problem], [{}, undefined]);
  });

  it('of an unknown kind stays verbatim, and a recording without an id is left out', async () => {
    const { get, logged } = await evident({ ...ROSBAG, bulk_data_id: '' }, { ...FRAME, type: 'video', data: '[1]' });
    assert.deepEqual((await get('HOT'))?.snapshots, [
      { kind: 'foreign', body: { type: 'video', name: 'temperature', data: [1] } },
    ]);
    assert.match(logged.join(), /A recording of HOT has no id/);
  });
});

const ROWS = {
  success: true,
  fault_codes: ['HOT', 'HOT', 'STALL'],
  recording_ids: ['new', 'old', 'old'],
  file_paths: ['/bags/new', '/bags/old', '/bags/old'],
  formats: ['mcap', 'sqlite3', 'sqlite3'],
  durations_sec: [6, 5.5, 5.5],
  sizes_bytes: [300n, 200n, 200n],
  created_at_ns: [3000n, 1000n, 1000n],
};
const NO_ROWS = Object.fromEntries(Object.entries(ROWS).map(([name, rows]) => [name, rows === true || []]));

/** A manager whose faults were reported by these sources, with the recordings of each. */
function recorded(bySource: Readonly<Record<string, RosMessage>>) {
  const entities: string[] = [];
  const faults = Object.keys(bySource).map((source) => ({ ...FAULT, reporting_sources: [source] }));
  const manager = attached({
    list_faults: () => ({ faults, muted_faults: [], clusters: [] }),
    list_rosbags: ({ entity_fqn }) => {
      entities.push(String(entity_fqn));
      return bySource[String(entity_fqn)] ?? NO_ROWS;
    },
  });
  return { entities, manager };
}

describe('the recordings of an attached fault manager', () => {
  it('are those of all sources, each once with all its faults, the newest first', async () => {
    const middle = { ...ROWS, fault_codes: ['LOST'], recording_ids: [''], file_paths: ['/bags/middle/'] };
    const one = (column: string[] | number[] | bigint[]) => column.slice(0, 1);
    const { manager } = recorded({
      '/arm/motor': ROWS,
      '/arm/gripper': {
        ...middle,
        formats: ['mcap'],
        durations_sec: one(ROWS.durations_sec),
        sizes_bytes: one(ROWS.sizes_bytes),
        created_at_ns: [2000n],
      },
    });
    const recordings = await (await manager).recordings('/arm/motor', '/arm/gripper');
    assert.deepEqual(
      recordings.map(({ id, faultCodes }) => [id, faultCodes]),
      [
        ['new', ['HOT']],
        ['middle', ['LOST']],
        ['old', ['HOT', 'STALL']],
      ],
    );
    const { files: _, ...old } = recordings[2] as RecordingSource;
    assert.deepEqual(old, {
      kind: 'recording',
      id: 'old',
      faultCodes: ['HOT', 'STALL'],
      format: 'sqlite3',
      octets: 200,
      durationMs: 5500,
      createdAtNs: 1000n,
    });
  });

  it('are read at the location that their manager gives, whole or in part, and are named after their folder', async () => {
    const disk = new MemoryFiles({ '/bags/7/b_1.mcap': 'later', '/bags/7/b_0.mcap': 'recorded', '/bags/7/notes': '-' });
    const rest = { fault_codes: ['HOT'], format: 'mcap', duration_sec: 6, size_bytes: 1n, error_message: '' };
    const answer = { success: true, recording_id: '', ...rest };
    const { recording } = await attached({ get_rosbag: () => ({ ...answer, file_path: '/bags/7' }) }, disk);
    const found = await recording('HOT');
    assert.equal(found?.id, '7');
    assert.equal('path' in found, false);
    const [first, ...others] = await found.files();
    assert.deepEqual([first?.name, first?.size, others.map(({ name }) => name)], ['b_0.mcap', 8, ['b_1.mcap']]);
    const part: Uint8Array[] = [];
    for await (const chunk of first?.read({ first: 2, last: 5 }) ?? []) part.push(chunk);
    assert.equal(Buffer.concat(part).toString(), 'cord');
    const nameless = await attached({ get_rosbag: () => ({ ...answer, file_path: '' }) }, disk);
    assert.equal(await nameless.recording('HOT'), undefined);
  });

  it('are requested only for sources that ever reported', async () => {
    const { entities, manager } = recorded({ '/arm/motor': ROWS, '/other': ROWS });
    await (await manager).recordings('/arm/motor', '/arm/motor', '/arm/quiet');
    assert.deepEqual(entities, ['/arm/motor']);
  });

  it('Y01: are an error if the lists do not match, or with the reason of the manager', async () => {
    const cases: readonly (readonly [RosMessage, RegExp])[] = [
      [{ ...ROWS, formats: ['mcap'] }, /the lists in its response have different lengths: 3, 3, 3, 1, 3, 3, 3/],
      [{ success: false, error_message: 'database is locked' }, /database is locked/],
    ];
    for (const [answer, message] of cases) {
      const { manager } = recorded({ '/arm/motor': answer });
      await assert.rejects((await manager).recordings('/arm/motor'), { code: 'service-unavailable', message });
    }
  });

  it('are found by id or code, with the time at the end of the id', async () => {
    const requests: RosMessage[] = [];
    const { recording } = await attached({
      get_rosbag: (request) => {
        requests.push(request);
        if (request.recording_id === 'NONE') return { success: false, error_message: 'No rosbag' };
        const id = request.recording_id === 'HOT' ? 'fault_HOT_1770201012500' : 'by_hand';
        const rest = {
          fault_codes: ['STALL', 'HOT'],
          format: 'mcap',
          duration_sec: 6,
          size_bytes: 1n,
          error_message: '',
        };
        return { success: true, file_path: `/bags/${id}`, recording_id: id, ...rest };
      },
    });
    const { files: _, ...hot } = (await recording('HOT')) as RecordingSource;
    assert.deepEqual(hot, {
      kind: 'recording',
      id: 'fault_HOT_1770201012500',
      faultCodes: ['HOT', 'STALL'],
      format: 'mcap',
      octets: 1,
      durationMs: 6000,
      createdAtNs: 1_770_201_012_500_000_000n,
    });
    assert.equal((await recording('by_hand'))?.createdAtNs, 0n);
    assert.equal(await recording('NONE'), undefined);
    assert.deepEqual(requests[0], { recording_id: 'HOT', fault_code: 'HOT' });
  });

  it('Y01: are unavailable if the manager has no such service', async () => {
    const { get, recording, recordings } = await attached({});
    for (const ask of [get('HOT'), recording('HOT'), recordings('/a')]) {
      await assert.rejects(ask, {
        code: 'service-unavailable',
        message: 'The fault manager /fault_manager did not answer',
      });
    }
  });
});
