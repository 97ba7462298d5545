import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkedOptions } from '@medkit/plugin';
import { Options, settingsOf } from './options.ts';

describe('3.2 options', () => {
  it('3.2: default to those of the topic beacon of ros2_medkit', () => {
    const checked = checkedOptions(Options, {});
    assert.ok('options' in checked);
    assert.deepEqual(settingsOf(checked.options as Options, assert.fail), {
      topic: '/ros2_medkit/discovery',
      messagesPerSecond: 100,
      hints: { ttlMs: 10_000, expiryMs: 300_000, maxHints: 10_000, allowNewEntities: false },
    });
  });

  it('3.2 [edge]: less than one message a second becomes one', () => {
    const checked = checkedOptions(Options, { max_messages_per_second: 0 });
    assert.ok('options' in checked);
    const notices: string[] = [];
    assert.equal(settingsOf(checked.options as Options, (notice) => notices.push(notice)).messagesPerSecond, 1);
    assert.deepEqual(notices, ['max_messages_per_second: 0 is too small; 1 is used']);
  });
});
