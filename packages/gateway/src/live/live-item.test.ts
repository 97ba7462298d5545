import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import type { DataReading, DataSample, JsonValue } from '@medkit/core';
import { SimulatedClock } from '@medkit/edges/testing';
import { revisions } from './followed-value.ts';
import { LiveItem } from './live-item.ts';
import { Pauses } from './pauses.ts';

type OnSample = (sample: DataSample) => void | Promise<void>;

/** An item of a node that may publish or not; `unwatchable` if it can only be polled. */
function setUp({ unwatchable = false, type = 'std_msgs/msg/Float32' } = {}) {
  const clock = new SimulatedClock();
  const state = { publishers: 1, value: { data: 1 } as JsonValue | undefined, atNs: 1_000_000_000n, missing: false };
  const counts = { readings: 0, watches: 0, changes: 0 };
  let deliver: OnSample | undefined;
  const assertThere = (): void => {
    if (state.missing) throw new SovdError({ code: 'resource-not-found', message: 'no such item' });
  };
  const data = {
    reading: async (): Promise<DataReading> => {
      counts.readings++;
      assertThere();
      const { publishers, value, atNs } = state;
      return { id: 'v', value, timestampNs: atNs, publisherCount: publishers, subscriberCount: 0, type };
    },
    watch: async (_kind: string, _id: string, _item: string, onSample: OnSample) => {
      assertThere();
      if (unwatchable) return undefined;
      counts.watches++;
      deliver = onSample;
      return {
        close: async () => {
          counts.watches--;
          deliver = undefined;
        },
      };
    },
  };
  const options = {
    data,
    clock,
    pauses: new Pauses(clock),
    revisions: revisions(),
    changed: () => void counts.changes++,
  };
  const item = new LiveItem({ ...options, item: { kind: 'app', entityId: 'a', item: 'v' } }, 100);
  const view = (pointer?: string) => JSON.parse(item.text(pointer) ?? 'null');
  const publish = (value: JsonValue, atNs: bigint) => deliver?.({ value, timestampNs: atNs, type });
  return { clock, state, counts, item, view, publish };
}

describe('an item of a live stream', () => {
  it('is the main value of its type, a field, or the whole value', async () => {
    const { clock, view } = setUp();
    await clock.advanceAsync(1);
    const at_ms = 1000;
    assert.deepEqual(view(), { value: 1, at_ms });
    assert.deepEqual(view('/data'), { value: 1, at_ms });
    assert.deepEqual(view(''), { value: { data: 1 }, at_ms });
    const error = { error_code: 'resource-not-found', message: 'The value of v has no member at /x' };
    assert.deepEqual(view('/x'), { at_ms, error });
  });

  it('makes a publisher that is too fast wait for its period, and then takes the newest value', async () => {
    const { clock, publish, counts } = setUp();
    await clock.advanceAsync(1);
    const settled = publish({ data: 2 }, 2n);
    let isOver = false;
    void settled?.then(() => {
      isOver = true;
    });
    await clock.advanceAsync(90);
    assert.equal(isOver, false);
    await clock.advanceAsync(20);
    assert.equal(isOver, true);
    assert.equal(counts.changes, 2);
  });

  it('keeps its last value with its time, and reports that it has no publisher any more', async () => {
    const { clock, state, item, view, counts, publish } = setUp();
    await clock.advanceAsync(1);
    Object.assign(state, { publishers: 0, value: undefined });
    item.look(true, true);
    await clock.advanceAsync(1);
    assert.equal('publishers' in view(), false, 'it was heard of a moment ago');
    await clock.advanceAsync(1000);
    item.look(false, true);
    await clock.advanceAsync(1);
    assert.deepEqual(view(), { value: 1, at_ms: 1000, publishers: 0 });
    assert.equal(counts.watches, 1, 'it may come again');
    const readings = counts.readings;
    item.look(false, true);
    await clock.advanceAsync(1);
    assert.equal(counts.readings, readings, 'it is not asked again without a reason');
    publish({ data: 3 }, 3_000_000_000n);
    assert.deepEqual(view(), { value: 3, at_ms: 3000 });
  });

  it('reports a publisher that has sent no value yet', async () => {
    const { clock, state, view } = setUp();
    state.value = undefined;
    await clock.advanceAsync(1);
    assert.deepEqual(view(), { publishers: 1 });
  });

  it('is reported as missing, is no longer watched, and is watched again when it may be available', async () => {
    const { clock, state, item, view, counts } = setUp();
    await clock.advanceAsync(1);
    state.missing = true;
    item.look(true, false);
    await clock.advanceAsync(1);
    assert.deepEqual(view(), { error: { error_code: 'resource-not-found', message: 'no such item' } });
    assert.deepEqual([counts.watches, item.isMissing], [0, true]);
    item.look(true, true);
    await clock.advanceAsync(1);
    const { changes: times } = counts;
    state.missing = false;
    item.look(false, true);
    await clock.advanceAsync(1);
    assert.equal(counts.changes, times, 'what is missing is not asked for all the time');
    item.look(true, true);
    await clock.advanceAsync(1);
    assert.deepEqual([view().value, counts.watches, item.isMissing], [1, 1, false]);
  });

  it('is read with each period if it cannot be watched, and no longer once it is closed', async () => {
    const { clock, state, item, view, counts } = setUp({ unwatchable: true });
    await clock.advanceAsync(1);
    Object.assign(state, { value: { data: 5 }, atNs: 5_000_000_000n });
    await clock.advanceAsync(101);
    assert.equal(view().value, 5);
    await clock.advanceAsync(1000);
    assert.ok(counts.readings >= 11 && counts.readings <= 12, `${counts.readings} readings`);
    assert.equal(counts.changes, 2, 'the same is not told again');
    item.close();
    await clock.advanceAsync(1000);
    assert.ok(counts.readings <= 12);
  });
});
