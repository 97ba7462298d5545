import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { repeat } from './repeated.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a repeated request', () => {
  it('never runs twice at a time, however often the user returns', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      const answers: (() => void)[] = [];
      const poll = repeat(() => new Promise((resolve) => answers.push(resolve)), {
        everyMs: 2000,
        isWanted: () => true,
      });
      poll.now();
      poll.now();
      assert.equal(answers.length, 1);
      answers[0]!();
      await settled();
      mock.timers.tick(1000);
      poll.now();
      assert.equal(answers.length, 2, 'at once, in the place of the one that was to come');
      mock.timers.tick(2000);
      assert.equal(answers.length, 2);
      answers[1]!();
      await settled();
      mock.timers.tick(2000);
      assert.equal(answers.length, 3);
      poll.end();
      answers[2]!();
      await settled();
      mock.timers.tick(9000);
      poll.now();
      assert.equal(answers.length, 3);
    } finally {
      mock.timers.reset();
    }
  });

  it('waits while it is not wanted, and runs once without an interval', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      let count = 0;
      let isWanted = false;
      const ask = async () => {
        count += 1;
      };
      const seen = repeat(ask, { everyMs: 10, isWanted: () => isWanted });
      mock.timers.tick(100);
      assert.equal(count, 0);
      isWanted = true;
      seen.now();
      await settled();
      seen.end();
      assert.equal(count, 1);
      const once = repeat(ask, { everyMs: undefined, isWanted: () => true });
      await settled();
      mock.timers.tick(100);
      once.end();
      assert.equal(count, 2);
    } finally {
      mock.timers.reset();
    }
  });
});
