import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '@medkit/core';
import { descriptorOf, filesIn, referencedRecordings } from './recording-copy.ts';

const DESCRIPTOR: JsonObject = {
  id: 'fault_JAM_1',
  name: 'fault_JAM_1 recording',
  mimetype: 'application/x-mcap',
  size: 7,
  creation_date: '2026-03-23T02:14:33.000Z',
};
const rosbag = (uri: string, facts: JsonObject = {}): JsonObject => ({
  type: 'rosbag',
  bulk_data_uri: uri,
  'x-medkit': facts,
});
const detail = (...snapshots: readonly JsonObject[]): JsonObject => ({ environment_data: { snapshots } });

describe('the data of another gateway about a recording', () => {
  it('lists the recordings of a fault, and which of these belong to earlier occurrences', () => {
    const document = detail(
      rosbag('/apps/arm/bulk-data/rosbags/fault_JAM_2'),
      { type: 'freeze_frame', name: 'force' },
      rosbag('/apps/arm/bulk-data/rosbags/fault_JAM_1', { earlier_occurrence: true }),
    );
    assert.deepEqual(referencedRecordings(document), [
      { id: 'fault_JAM_2', isPresent: true },
      { id: 'fault_JAM_1', isPresent: false },
    ]);
  });

  it('is ignored if its link leads elsewhere or it is invalid', () => {
    for (const uri of [
      '',
      '/apps/arm/bulk-data/rosbags/..',
      '/apps/arm/bulk-data/rosbags/a%2f..',
      '/apps/arm/data/x',
    ]) {
      assert.deepEqual(referencedRecordings(detail(rosbag(uri))), [], uri);
    }
    for (const wrong of [{}, { environment_data: 7 }, { environment_data: { snapshots: [null, 'x', 7] } }]) {
      assert.deepEqual(referencedRecordings(wrong as JsonObject), []);
    }
    const many = Array.from({ length: 50 }, (_, at) => rosbag(`/apps/arm/bulk-data/rosbags/a${at}`));
    assert.equal(referencedRecordings(detail(...many)).length, 20);
  });

  it('is a complete descriptor of that recording', () => {
    assert.equal(descriptorOf([{ id: 'other' }, DESCRIPTOR], 'fault_JAM_1'), DESCRIPTOR);
    const wrongs: readonly JsonObject[] = [
      { size: -1 },
      { size: 1.5 },
      { size: 'x' },
      { mimetype: 7 },
      { name: 'x'.repeat(9000) },
      { 'x-medkit': { as_of: '2026-03-23T02:14:33.000Z' } },
      { 'x-medkit': { files: [{ id: '../a', size: 1 }] } },
      { 'x-medkit': { files: [] } },
    ];
    for (const wrong of wrongs) {
      assert.equal(
        descriptorOf([{ ...DESCRIPTOR, ...wrong }], 'fault_JAM_1'),
        undefined,
        JSON.stringify(wrong).slice(0, 80),
      );
    }
  });

  it('lists its files, if there are several', () => {
    assert.deepEqual(filesIn(DESCRIPTOR), [{ name: 'fault_JAM_1', size: 7 }]);
    const files = [
      { name: 'fault_JAM_1_0.mcap', size: 5 },
      { name: 'fault_JAM_1_1.mcap', size: 2 },
    ];
    const facts = { files: files.map(({ name, size }) => ({ id: name, size })) };
    assert.deepEqual(filesIn({ ...DESCRIPTOR, 'x-medkit': facts }), files);
  });
});
