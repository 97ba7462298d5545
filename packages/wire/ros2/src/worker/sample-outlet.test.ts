import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import type { QosProfile } from '../graph.ts';
import { DEFAULT_PROFILE } from '../qos/profiles.ts';
import { type SampleBatch, unpackSamples } from './sample-batch.ts';
import { SampleOutlet, WINDOW_BYTES } from './sample-outlet.ts';

const MEGABYTE = 1_000_000;

describe('the transfer of samples to another thread', () => {
  let clock: SimulatedClock;
  let outlet: SampleOutlet;
  let batches: { readonly weightBytes: number; readonly samples: readonly string[] }[];
  let sequenceNumber: number;

  beforeEach(() => {
    clock = new SimulatedClock();
    clock.advance(1000);
    batches = [];
    sequenceNumber = 0;
    const post = (batch: SampleBatch) => {
      const samples: string[] = [];
      unpackSamples(batch, (subscription, one) => samples.push(`${subscription}:${one.sequenceNumber}`));
      batches.push({ weightBytes: batch.weightBytes, samples });
    };
    outlet = new SampleOutlet({ clock, post });
  });

  const open = (
    subscription: number,
    { latestOnly = false, ...qos }: Partial<QosProfile> & { latestOnly?: boolean } = {},
  ) => outlet.open(subscription, { qos: { ...DEFAULT_PROFILE, ...qos }, latestOnly });
  const take = (subscription: number, bytes = 100) => {
    sequenceNumber++;
    const cdr = new Uint8Array(bytes);
    outlet.take(subscription, {
      cdr,
      gid: 'a',
      sequenceNumber,
      sourceSeconds: -1,
      sourceNanoseconds: 0,
      receivedMs: 0,
    });
  };
  const sent = () => batches.flatMap(({ samples }) => samples);
  /** Fills the window from a separate subscription. */
  const fillWindow = () => {
    open(99, { history: 'keep_all' });
    take(99, WINDOW_BYTES);
    batches.length = 0;
  };
  const handedOn = () => {
    const weight = batches.reduce((sum, { weightBytes }) => sum + weightBytes, 0);
    batches.length = 0;
    outlet.credit(weight);
  };

  it('sends a sample immediately after an idle time, and the following ones together', () => {
    open(1);
    take(1);
    assert.deepEqual(sent(), ['1:1']);
    for (let times = 0; times < 5; times++) take(1);
    assert.equal(batches.length, 1);
    clock.advance(2);
    assert.deepEqual(batches[1].samples, ['1:2', '1:3', '1:4', '1:5', '1:6']);
  });

  it('does not wait once a batch is full', () => {
    open(1);
    take(1);
    for (let times = 0; times < 7; times++) take(1, 10_000);
    assert.equal(sent().length, 8);
  });

  it('drops nothing while the client keeps up, however shallow the history', () => {
    open(1, { depth: 1 });
    for (let times = 0; times < 100; times++) take(1);
    clock.advance(2);
    assert.equal(sent().length, 100);
    assert.equal(outlet.dropped, 0);
  });

  it('sends no more than the window while the client consumes nothing', () => {
    open(1, { depth: 10 });
    for (let times = 0; times < 100; times++) {
      take(1, 100_000);
      clock.advance(5);
    }
    const weight = batches.reduce((sum, { weightBytes }) => sum + weightBytes, 0);
    assert.ok(weight >= WINDOW_BYTES && weight < WINDOW_BYTES + 200_000, `${weight}`);
    assert.equal(outlet.dropped, 100 - sent().length - 10);
  });

  it('keeps the newest of each subscription while the window is full, up to its history', () => {
    fillWindow();
    open(1, { depth: 2 });
    open(2, { history: 'keep_all' });
    for (let times = 0; times < 4; times++) {
      take(1);
      take(2);
    }
    clock.advance(100);
    assert.deepEqual(sent(), []);
    assert.equal(outlet.dropped, 2);
    outlet.credit(WINDOW_BYTES);
    clock.advance(2);
    assert.deepEqual(sent(), ['1:6', '1:8', '2:3', '2:5', '2:7', '2:9']);
  });

  it('sends even a sample that is larger than the window', () => {
    open(1);
    take(1, WINDOW_BYTES * 2);
    assert.deepEqual(sent(), ['1:1']);
    take(1);
    handedOn();
    clock.advance(2);
    assert.deepEqual(sent(), ['1:2']);
  });

  it('bounds its total size, at the cost of the largest subscription', () => {
    fillWindow();
    open(1, { history: 'keep_all' });
    open(2, { history: 'keep_all' });
    take(2);
    for (let times = 0; times < 30; times++) take(1, MEGABYTE);
    take(2);
    assert.equal(outlet.dropped, 14);
    const handed: string[] = [];
    outlet.credit(WINDOW_BYTES);
    for (let times = 0; times < 30; times++) {
      clock.advance(2);
      handed.push(...sent());
      handedOn();
    }
    assert.equal(handed.filter((name) => name.startsWith('1:')).length, 16);
    assert.deepEqual(
      handed.filter((name) => name.startsWith('2:')),
      ['2:2', '2:33'],
    );
  });

  it('serves all subscriptions in turn, so that a large topic does not delay a small one', () => {
    fillWindow();
    open(1, { history: 'keep_all' });
    open(2, { history: 'keep_all' });
    for (let times = 0; times < 6; times++) take(1, MEGABYTE);
    take(2);
    outlet.credit(WINDOW_BYTES);
    clock.advance(2);
    assert.ok(sent().includes('2:8'), sent().join(' '));
  });

  it('sends only the newest sample periodically if only the newest counts', () => {
    open(1, { latestOnly: true });
    for (let times = 0; times < 1000; times++) {
      take(1);
      clock.advance(0.2);
    }
    assert.ok(batches.length >= 10 && batches.length <= 12, `${batches.length}`);
    clock.advance(20);
    assert.equal(sent().at(-1), '1:1000');
    assert.equal(outlet.dropped, 0);
  });

  it('sends the latest of many topics together', () => {
    for (let id = 1; id <= 50; id++) open(id, { latestOnly: true });
    for (let times = 0; times < 500; times++) {
      for (let id = 1; id <= 50; id++) take(id);
      clock.advance(1);
    }
    assert.ok(batches.length < 60, `${batches.length}`);
  });

  it('forgets closed subscriptions', () => {
    open(1);
    take(1);
    take(1);
    outlet.close(1);
    take(1);
    clock.advance(2);
    assert.deepEqual(sent(), ['1:1']);
  });
});
