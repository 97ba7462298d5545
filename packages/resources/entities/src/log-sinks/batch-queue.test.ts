import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LogEntry } from '@medkit/core';
import { seededRandom } from '@medkit/edges';
import { BatchQueue } from './batch-queue.ts';
import { logCharacters } from './log-sink.ts';

function entry(sequence: number, message = ''): LogEntry {
  return { sequence, timestampNs: 0n, severity: 'info', logger: '', message };
}

const sequences = (entries: readonly LogEntry[]) => entries.map(({ sequence }) => sequence);

describe('a queue of log entries', () => {
  it('returns the oldest first, and no more per read than requested', () => {
    const queue = new BatchQueue<LogEntry>({ entries: 10, characters: 100 }, logCharacters);
    for (const n of [1, 2, 3, 4]) queue.push(entry(n, 'x'.repeat(10)));
    assert.deepEqual(sequences(queue.take({ entries: 1, characters: 100 })), [1]);
    assert.deepEqual(sequences(queue.take({ entries: 9, characters: 25 })), [2, 3]);
    assert.deepEqual(sequences(queue.take({ entries: 9, characters: 5 })), [4], 'one is always given');
    assert.deepEqual(queue.take({ entries: 9, characters: 5 }), []);
  });

  it('drops the oldest if there are too many, or if they are too long', () => {
    const queue = new BatchQueue<LogEntry>({ entries: 2, characters: 100 }, logCharacters);
    for (const n of [1, 2, 3]) queue.push(entry(n));
    queue.push(entry(4, 'x'.repeat(100)));
    queue.push(entry(5, 'x'.repeat(50)));
    assert.equal(queue.dropped, 4);
    assert.deepEqual(sequences(queue.take({ entries: 9, characters: 999 })), [5]);
  });

  it('behaves like a queue in any sequence of calls', () => {
    const random = seededRandom(3);
    const bounds = { entries: 50, characters: 500 };
    const queue = new BatchQueue<LogEntry>(bounds, logCharacters);
    let model: LogEntry[] = [];
    let dropped = 0;
    for (let n = 0; n < 5000; n++) {
      if (random.float() < 0.8) {
        model.push(entry(n, 'x'.repeat(Math.floor(random.float() * 30))));
        queue.push(model.at(-1)!);
        while (model.length > bounds.entries || charactersOf(model) > bounds.characters) {
          model = model.slice(1);
          dropped++;
        }
      } else {
        const taken = queue.take({ entries: Math.floor(random.float() * 20), characters: 1e6 });
        assert.deepEqual(sequences(taken), sequences(model.slice(0, taken.length)));
        model = model.slice(taken.length);
      }
      assert.deepEqual([queue.length, queue.characters, queue.dropped], [model.length, charactersOf(model), dropped]);
    }
  });
});

function charactersOf(entries: readonly LogEntry[]): number {
  return entries.reduce((sum, { message }) => sum + message.length, 0);
}
