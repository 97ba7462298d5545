import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { stalenessDetector } from './staleness-detector.ts';

function play() {
  const clock = new SimulatedClock();
  const changes: boolean[] = [];
  const quiet = stalenessDetector({ silentMs: 250, clock, changed: () => changes.push(quiet.sinceMs !== undefined) });
  return { clock, changes, quiet };
}

describe('the staleness detector', () => {
  it('begins after a time without messages, and ends with the next message', async () => {
    const { clock, changes, quiet } = play();
    quiet.received();
    await clock.advanceAsync(240, 10);
    assert.deepEqual(changes, []);
    await clock.advanceAsync(70, 10);
    assert.deepEqual(changes, [true]);
    quiet.received();
    assert.deepEqual(changes, [true, false]);
    assert.equal(quiet.sinceMs, undefined);
  });

  it('does not occur if no runtime is expected', async () => {
    const { clock, changes } = play();
    await clock.advanceAsync(60_000, 10);
    assert.deepEqual(changes, []);
  });

  it('gives a runtime that is known from an earlier run some seconds to send', async () => {
    const { clock, changes, quiet } = play();
    quiet.expect();
    await clock.advanceAsync(2900, 10);
    assert.deepEqual(changes, []);
    await clock.advanceAsync(200, 10);
    assert.deepEqual(changes, [true]);
  });

  it('is not reported if this process itself stood still', async () => {
    const { clock, changes, quiet } = play();
    quiet.received();
    clock.standStill(2000);
    await clock.advanceAsync(50, 10);
    assert.deepEqual(changes, [], 'what waits in the socket is read first');
    quiet.received();
    await clock.advanceAsync(200, 10);
    assert.deepEqual(changes, []);
  });
});
