import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { silence } from './silence.ts';

function play() {
  const clock = new SimulatedClock();
  const changes: boolean[] = [];
  const quiet = silence({ silentMs: 250, clock, changed: () => changes.push(quiet.sinceMs !== undefined) });
  return { clock, changes, quiet };
}

describe('silence', () => {
  it('begins when nothing has come for so long, and ends with the next that comes', async () => {
    const { clock, changes, quiet } = play();
    quiet.heard();
    await clock.advanceAsync(240, 10);
    assert.deepEqual(changes, []);
    await clock.advanceAsync(70, 10);
    assert.deepEqual(changes, [true]);
    quiet.heard();
    assert.deepEqual(changes, [true, false]);
    assert.equal(quiet.sinceMs, undefined);
  });

  it('is none where nobody is expected', async () => {
    const { clock, changes } = play();
    await clock.advanceAsync(60_000, 10);
    assert.deepEqual(changes, []);
  });

  it('leaves one that is known from before some seconds to be heard', async () => {
    const { clock, changes, quiet } = play();
    quiet.expect();
    await clock.advanceAsync(2900, 10);
    assert.deepEqual(changes, []);
    await clock.advanceAsync(200, 10);
    assert.deepEqual(changes, [true]);
  });

  it('is not told of others by one that stood still itself', async () => {
    const { clock, changes, quiet } = play();
    quiet.heard();
    clock.standStill(2000);
    await clock.advanceAsync(50, 10);
    assert.deepEqual(changes, [], 'what waits in the socket is read first');
    quiet.heard();
    await clock.advanceAsync(200, 10);
    assert.deepEqual(changes, []);
  });
});
