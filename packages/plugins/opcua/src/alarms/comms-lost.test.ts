import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { commsLost } from './comms-lost.ts';

function watched(debounceMs = 5000) {
  const clock = new SimulatedClock();
  const reported: string[] = [];
  const comms = commsLost({
    debounceMs,
    clock,
    onLost: () => reported.push('lost'),
    onBack: () => reported.push('back'),
  });
  return { clock, reported, comms };
}

describe('a disconnected PLC', () => {
  it('is lost after it has been disconnected for the whole time, once', () => {
    const { clock, reported, comms } = watched();
    comms.down();
    clock.advance(3000);
    comms.down();
    clock.advance(1999);
    assert.deepEqual(reported, []);
    clock.advance(1);
    assert.deepEqual([reported, comms.isLost], [['lost'], true]);
    comms.down();
    clock.advance(60_000);
    assert.deepEqual(reported, ['lost']);
  });

  it('is not lost if it was connected in between', () => {
    const { clock, reported, comms } = watched();
    for (let round = 0; round < 5; round++) {
      comms.down();
      clock.advance(4999);
      comms.up();
    }
    clock.advance(60_000);
    assert.deepEqual([reported, clock.timers], [[], 0]);
  });

  it('is back once it is connected again, and can be lost again', () => {
    const { clock, reported, comms } = watched();
    comms.up();
    comms.down();
    clock.advance(5000);
    comms.up();
    comms.up();
    comms.down();
    clock.advance(5000);
    assert.deepEqual(reported, ['lost', 'back', 'lost']);
  });

  it('is lost immediately if no delay is configured', () => {
    const { reported, comms } = watched(0);
    comms.down();
    assert.deepEqual(reported, ['lost']);
  });

  it('reports nothing after the stop', () => {
    const { clock, reported, comms } = watched();
    comms.down();
    comms.stop();
    comms.down();
    clock.advance(60_000);
    assert.deepEqual([reported, clock.timers], [[], 0]);
  });
});
