import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { RuntimeAvailability } from './runtime-availability.ts';

function setUp() {
  const clock = new SimulatedClock();
  clock.advance(1000);
  const availability = new RuntimeAvailability({ clock });
  /** Makes a call for an owner that ends after one second without an answer. */
  const failCall = (owner: string) => {
    assert.equal(availability.begin(owner), 0, owner);
    const beganMs = clock.monotonicMs();
    clock.advance(1000);
    availability.end(owner, 'failed', beganMs);
  };
  return { clock, availability, failCall };
}

describe('the availability of a runtime', () => {
  it('is lost with the first of five unanswered calls in a row, and later calls fail immediately', () => {
    const { clock, availability, failCall } = setUp();
    const sinceMs = clock.wallMs();
    for (const owner of ['a', 'b', 'c', 'd']) failCall(owner);
    assert.equal(availability.sinceMs, undefined);
    failCall('e');
    assert.deepEqual([availability.sinceMs, availability.begin('a')], [sinceMs, 5000]);
  });

  it('is probed by one call after a while, whose failure starts another period and whose answer ends it', () => {
    const { clock, availability, failCall } = setUp();
    const sinceMs = clock.wallMs();
    for (let call = 0; call < 5; call += 1) failCall('a');
    clock.advance(5000);
    failCall('a');
    assert.deepEqual([availability.sinceMs, availability.begin('a')], [sinceMs, 5000]);
    clock.advance(5000);
    assert.deepEqual([availability.begin('a'), availability.begin('a')], [0, 5000]);
    availability.end('a', 'answered', clock.monotonicMs());
    assert.deepEqual([availability.sinceMs, availability.begin('a'), availability.begin('b')], [undefined, 0, 0]);
  });

  it('is not lost if one owner does not answer while another one does', () => {
    const { clock, availability } = setUp();
    for (let call = 0; call < 20; call += 1) {
      const beganMs = clock.monotonicMs();
      assert.deepEqual([availability.begin('mute'), availability.begin('well')], [0, 0]);
      clock.advance(10);
      availability.end('well', 'answered', beganMs);
      clock.advance(990);
      availability.end('mute', 'failed', beganMs);
    }
    assert.equal(availability.sinceMs, undefined);
  });

  it('is probed immediately, and once, by a call to an owner that has not failed: perhaps only the others do not answer', () => {
    const { availability, failCall } = setUp();
    for (let call = 0; call < 5; call += 1) failCall('mute');
    failCall('well');
    assert.deepEqual([availability.begin('another') > 0, availability.begin('mute') > 0], [true, true]);
  });

  it('is restored by any message of the runtime', () => {
    const { availability, failCall } = setUp();
    for (let call = 0; call < 5; call += 1) failCall('a');
    availability.markResponding();
    assert.deepEqual([availability.sinceMs, availability.begin('a')], [undefined, 0]);
  });
});
