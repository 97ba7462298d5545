import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as soon } from 'node:timers/promises';
import { SimulatedClock } from '@medkit/edges/testing';
import { withSilenceTimeout } from './peer-stream.ts';

/** A stream controlled by the test. */
function stream() {
  let give: (next: IteratorResult<Uint8Array>) => void = () => undefined;
  const closings: number[] = [];
  const clock = new SimulatedClock();
  const body = {
    [Symbol.asyncIterator]: () => ({
      next: () =>
        new Promise<IteratorResult<Uint8Array>>((resolve) => {
          give = resolve;
        }),
    }),
  };
  const say = (): void => give({ done: false, value: Buffer.from('a') });
  const chunks = withSilenceTimeout({ body, close: () => closings.push(clock.monotonicMs()) }, clock);
  return { chunks, clock, closings, say };
}

describe('the stream of another gateway', () => {
  it('is closed after 75 s of silence, however late the last data arrived', async () => {
    const { chunks, clock, closings, say } = stream();
    const fromMs = clock.monotonicMs();
    const first = chunks.next();
    await clock.advance(60_000);
    say();
    await first;
    void chunks.next();
    await soon();
    await clock.advance(74_000);
    assert.deepEqual(closings, []);
    await clock.advance(1000);
    assert.deepEqual(closings, [fromMs + 135_000]);
  });

  it('is not silent while it has no reader', async () => {
    const { chunks, clock, closings, say } = stream();
    const first = chunks.next();
    say();
    await first;
    await clock.advance(600_000);
    assert.deepEqual(closings, []);
    void chunks.next();
    await soon();
    await clock.advance(74_000);
    assert.deepEqual(closings, []);
    await clock.advance(76_000);
    assert.equal(closings.length, 1);
  });
});
