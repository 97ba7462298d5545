import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DiagnosticCache, MAX_TOPICS } from './diagnostic-cache.ts';

const message = (name: string, values: Readonly<Record<string, string>>) => ({
  status: [{ name, values: Object.entries(values).map(([key, value]) => ({ key, value })) }],
});

describe('3.5 metrics: figures from /diagnostics', () => {
  it('are stored by topic, the latest value of each figure, with its source and time', () => {
    const cache = new DiagnosticCache();
    cache.take(message('/scan', { frame_rate_msg: '10', expected_frequency: '10' }), '/monitor', 1000);
    cache.take(message('/scan', { drop_rate: '1' }), '/other', 2000);
    assert.deepEqual(cache.get('/scan'), {
      frequencyHz: 10,
      expectedFrequencyHz: 10,
      dropRatePercent: 1,
      source: '/other',
      atMs: 2000,
    });
  });

  it('keep their value if a later one cannot be read, but count as fresh again', () => {
    const cache = new DiagnosticCache();
    cache.take(message('/scan', { frame_rate_msg: '10' }), '/monitor', 1000);
    cache.take(message('/scan', { frame_rate_msg: '11 ' }), '/monitor', 2000);
    assert.equal(cache.get('/scan')?.frequencyHz, 10);
    assert.equal(cache.get('/scan')?.atMs, 2000);
  });

  it('lose their source if the latest sample has none', () => {
    const cache = new DiagnosticCache();
    cache.take(message('/scan', { frame_rate_msg: '10' }), '/monitor', 1000);
    cache.take(message('/scan', { frame_rate_msg: '10' }), undefined, 2000);
    assert.equal(cache.get('/scan')?.source, undefined);
  });

  it('ignore a name that no topic can have', () => {
    const cache = new DiagnosticCache();
    cache.take(message('x'.repeat(257), { frame_rate_msg: '10' }), '/monitor', 0);
    assert.equal(cache.size, 0);
  });

  it('are not changed by a status about something else', () => {
    const cache = new DiagnosticCache();
    cache.take(message('/scan', { frame_rate_msg: '10' }), '/monitor', 1000);
    cache.take(message('/scan', { temperature: '50' }), '/monitor', 2000);
    assert.equal(cache.get('/scan')?.atMs, 1000);
  });

  it('are stored for 512 topics; a new topic evicts the oldest one, even if that was updated', () => {
    const cache = new DiagnosticCache();
    for (let index = 0; index < MAX_TOPICS; index += 1)
      cache.take(message(`/t${index}`, { frame_rate_msg: '1' }), '/m', 0);
    cache.take(message('/t0', { frame_rate_msg: '2' }), '/m', 1);
    cache.take(message('/one_more', { frame_rate_msg: '1' }), '/m', 2);
    assert.equal(cache.size, MAX_TOPICS);
    assert.equal(cache.get('/t0'), undefined);
    assert.ok(cache.get('/t1') && cache.get('/one_more'));
  });
});

describe('3.5 metrics: a full cache', () => {
  it('drops a topic of the node that has the most, and keeps those of the others', () => {
    const cache = new DiagnosticCache();
    cache.take(message('/scan', { frame_rate_msg: '10' }), '/monitor', 0);
    for (let index = 0; index < MAX_TOPICS + 20; index += 1) {
      cache.take(message(`/made_up${index}`, { frame_rate_msg: '1' }), '/flood', 1);
    }
    assert.equal(cache.get('/scan')?.frequencyHz, 10);
    const { held, owners, refused } = cache.figures();
    assert.deepEqual([held, owners, refused], [MAX_TOPICS, 2, 21]);
  });
});
