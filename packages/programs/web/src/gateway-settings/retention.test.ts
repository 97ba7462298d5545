import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { retentionFacts } from './retention.ts';

const textsOf = (values: Readonly<Record<string, number | string>>) =>
  retentionFacts(new Map(Object.entries(values).map(([key, value]) => [key, { key, value, about: '' }]))).map(
    ({ key, text }) => [key, text],
  );

describe('the limits of stored data', () => {
  it('have units, and say what 0 means', () => {
    assert.deepEqual(textsOf({ 'logs.buffer_size': 200, 'audit.max_requests': 0, 'audit.max_observed': 10 }), [
      ['logs.buffer_size', '200'],
      ['audit.max_requests', 'unlimited'],
      ['audit.max_observed', '10'],
    ]);
    assert.deepEqual(
      textsOf({ 'bulk_data.max_total_size': 0, 'aggregation.recording_copies_mb': 0, 'island.history_sec': 5 }),
      [
        ['aggregation.recording_copies_mb', 'none'],
        ['bulk_data.max_total_size', 'unlimited'],
        ['island.history_sec', '5 s'],
      ],
    );
  });

  it('omit settings that the gateway does not have, and the size of a recording that is off', () => {
    assert.deepEqual(textsOf({}), []);
    assert.deepEqual(textsOf({ 'record.max_bytes': 1000, 'record.file': '' }), [['record.max_bytes', 'not recorded']]);
    assert.equal(textsOf({ 'record.max_bytes': 1000, 'record.file': '/a.pcap' })[0]?.[1], '1.0 kB');
  });
});
