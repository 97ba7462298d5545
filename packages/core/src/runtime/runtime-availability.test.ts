import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { RuntimeAvailability } from './runtime-availability.ts';

function setUp() {
  const clock = new SimulatedClock();
  clock.advance(1000);
  const silence = new RuntimeAvailability({ clock });
  /** Makes a call for an owner that ends after one second without an answer. */
  const inVain = (owner: string) => {
    assert.equal(silence.begin(owner), 0, owner);
    const beganMs = clock.monotonicMs();
    clock.advance(1000);
    silence.end(owner, 'failed', beganMs);
  };
  return { clock, silence, inVain };
}

describe('the silence of a runtime', () => {
  it('begins with the first of five calls in a row that nobody answered, and nobody waits for it then', () => {
    const { clock, silence, inVain } = setUp();
    const sinceMs = clock.wallMs();
    for (const owner of ['a', 'b', 'c', 'd']) inVain(owner);
    assert.equal(silence.sinceMs, undefined);
    inVain('e');
    assert.deepEqual([silence.sinceMs, silence.begin('a')], [sinceMs, 5000]);
  });

  it('is tried by one call after a while, whose failure starts another and whose answer ends it', () => {
    const { clock, silence, inVain } = setUp();
    const sinceMs = clock.wallMs();
    for (let call = 0; call < 5; call += 1) inVain('a');
    clock.advance(5000);
    inVain('a');
    assert.deepEqual([silence.sinceMs, silence.begin('a')], [sinceMs, 5000]);
    clock.advance(5000);
    assert.deepEqual([silence.begin('a'), silence.begin('a')], [0, 5000]);
    silence.end('a', 'answered', clock.monotonicMs());
    assert.deepEqual([silence.sinceMs, silence.begin('a'), silence.begin('b')], [undefined, 0, 0]);
  });

  it('is none where an owner is mute and another one answers meanwhile', () => {
    const { clock, silence } = setUp();
    for (let call = 0; call < 20; call += 1) {
      const beganMs = clock.monotonicMs();
      assert.deepEqual([silence.begin('mute'), silence.begin('well')], [0, 0]);
      clock.advance(10);
      silence.end('well', 'answered', beganMs);
      clock.advance(990);
      silence.end('mute', 'failed', beganMs);
    }
    assert.equal(silence.sinceMs, undefined);
  });

  it('is tried at once, and once, for an owner that was not asked in vain: it may be that the others alone are mute', () => {
    const { silence, inVain } = setUp();
    for (let call = 0; call < 5; call += 1) inVain('mute');
    inVain('well');
    assert.deepEqual([silence.begin('another') > 0, silence.begin('mute') > 0], [true, true]);
  });

  it('ends with whatever the runtime says by itself', () => {
    const { silence, inVain } = setUp();
    for (let call = 0; call < 5; call += 1) inVain('a');
    silence.heard();
    assert.deepEqual([silence.sinceMs, silence.begin('a')], [undefined, 0]);
  });
});
