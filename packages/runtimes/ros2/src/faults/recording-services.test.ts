import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import type { CatalogueRecording, OpenFaultManager } from '@medkit/faults';
import type { RosMessage } from '@medkit/ros2';
import { StoreUnavailable } from '@medkit/store';
import { memoryFaultManager } from '../testing/memory-fault-manager.ts';
import { recordingServices } from './recording-services.ts';

const recording = (id: string, ...faultCodes: readonly string[]): CatalogueRecording => ({
  id,
  faultCodes,
  path: `/bags/${id}`,
  format: 'mcap',
  octets: 2048,
  durationMs: 6500,
  createdAtNs: 1_770_201_012_500_000_000n,
});

const NEWER = recording('fault_A_2', 'A', 'B');
const OLDER = recording('fault_A_1', 'A');

/** Runs the two services with these recordings and the faults A of `/arm` and B of `/base`. */
async function served(recordings: readonly CatalogueRecording[] = [NEWER, OLDER]) {
  const opened = await memoryFaultManager(new SimulatedClock(), { recordings });
  for (const [code, source] of [
    ['A', '/arm'],
    ['B', '/base'],
  ] as const) {
    await opened.manager.report({ code, event: 'FAILED', severity: 2, description: '', source });
  }
  const [get, list] = recordingServices(opened);
  return {
    opened,
    get: (recording_id: string, fault_code = '') => get!.answer({ recording_id, fault_code }) as Promise<RosMessage>,
    list: (entity_fqn: string) => list!.answer({ entity_fqn }) as Promise<RosMessage>,
  };
}

describe('the services of recordings', () => {
  it('2.7, B27: give a recording by its id, with all its faults, and the newest of a fault by its code', async () => {
    const { get } = await served();
    assert.deepEqual(await get('fault_A_2'), {
      success: true,
      file_path: '/bags/fault_A_2',
      recording_id: 'fault_A_2',
      fault_codes: ['A', 'B'],
      format: 'mcap',
      duration_sec: 6.5,
      size_bytes: 2048,
    });
    const idOf = async (id: string, code?: string) => (await get(id, code)).recording_id;
    assert.equal(await idOf('fault_A_1'), 'fault_A_1');
    assert.equal(await idOf('', 'A'), 'fault_A_2');
    assert.equal(await idOf('fault_A_3', 'B'), 'fault_A_2', 'no such recording: the fault is what counts');
  });

  it('2.7, B27: report what does not exist, and refuse an id that could be a path', async () => {
    const { get, opened } = await served([]);
    const said = async (id: string, code?: string) => (await get(id, code)).error_message;
    assert.equal(await said('', 'A'), 'No rosbag recording of fault A');
    assert.equal(await said('fault_Z_1', 'Z'), 'Fault not found: Z');
    assert.equal(await said('fault_Z_1'), 'fault_code cannot be empty');
    assert.equal(await said('fault_..', 'A'), "recording_id cannot contain '..'");
    assert.match(String(await said('../fault_A_1', 'A')), /^recording_id contains invalid character '\/'/);
    assert.equal(await said('x'.repeat(161), 'A'), 'recording_id exceeds maximum length of 160');
    const failing: OpenFaultManager = {
      ...opened,
      recordings: { ...opened.recordings, of: () => Promise.reject(new StoreUnavailable('the disk fails')) },
    };
    const [get_rosbag] = recordingServices(failing);
    assert.deepEqual(await get_rosbag!.answer({ recording_id: '', fault_code: 'A' }), {
      success: false,
      error_message: 'the disk fails',
    });
  });

  it('2.8, B27: list the recordings of a source, a row for each of its faults', async () => {
    const { list } = await served();
    assert.deepEqual(await list('/arm'), {
      success: true,
      fault_codes: ['A', 'A'],
      recording_ids: ['fault_A_2', 'fault_A_1'],
      file_paths: ['/bags/fault_A_2', '/bags/fault_A_1'],
      formats: ['mcap', 'mcap'],
      durations_sec: [6.5, 6.5],
      sizes_bytes: [2048, 2048],
      created_at_ns: [1_770_201_012_500_000_000n, 1_770_201_012_500_000_000n],
    });
    assert.deepEqual((await list('/base')).fault_codes, ['B']);
    assert.deepEqual((await list('/ar')).recording_ids, []);
    assert.deepEqual(await list(''), { success: false, error_message: 'entity_fqn cannot be empty' });
  });
});
