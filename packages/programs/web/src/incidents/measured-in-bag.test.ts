import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findChannelInBag, rootRecording } from './measured-in-bag.ts';

const topic = (name: string, more: object = {}) => ({ name, type: 't', count: 1, ...more });

describe('the measured value of a freeze frame, in', () => {
  it('is a topic, a field of one, or a port', () => {
    const topics = [
      topic('/range'),
      topic('/cmd_vel'),
      topic('/gate/ports'),
      topic('/odd', { problem: 'no definition' }),
    ];
    assert.deepEqual(findChannelInBag(topics, '/range'), { topic: '/range', path: '/data' });
    assert.deepEqual(findChannelInBag(topics, '/cmd_vel.linear.x'), { topic: '/cmd_vel', path: '/linear/x' });
    assert.deepEqual(findChannelInBag(topics, 'min_range_m'), { topic: '/gate/ports', path: '/min_range_m' });
    for (const channel of ['/odd', '/other', '/other.x'])
      assert.equal(findChannelInBag(topics, channel), undefined, channel);
    assert.equal(findChannelInBag([topic('/range')], 'min_range_m'), undefined);
  });

  it('is in the recording of the root fault and its gateway, if a browser can read it', () => {
    const recording = { id: 'a', fault_code: 'STOP', href: '/a', format: 'mcap', size_bytes: 10 };
    const of = (...recordings: readonly object[]) =>
      rootRecording({ root: 'STOP', root_origin: 'gate', recordings } as never)?.id;
    assert.equal(of(recording, { ...recording, id: 'b', origin: 'gate' }), 'b');
    assert.equal(of({ ...recording, origin: 'gate', format: 'sqlite3' }), undefined);
    assert.equal(of({ ...recording, origin: 'gate', size_bytes: 1e9 }), undefined);
  });
});
