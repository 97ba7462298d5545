import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CaptureJob, CapturePool, type CapturePoolOptions } from './capture-pool.ts';

/** A capture that runs until it is released. */
class HeldJob implements CaptureJob {
  readonly faultCode: string;
  readonly source: string;
  readonly #held = Promise.withResolvers<void>();
  begun = false;

  constructor(faultCode: string, source = '/node') {
    this.faultCode = faultCode;
    this.source = source;
  }

  run(): Promise<void> {
    this.begun = true;
    return this.#held.promise;
  }

  release(): void {
    this.#held.resolve();
  }

  fail(): void {
    this.#held.reject(new Error('defect'));
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const jobs = (count: number) => Array.from({ length: count }, (_, index) => new HeldJob(`f${index}`));
const begun = (all: readonly HeldJob[]) => all.filter((job) => job.begun).map(({ faultCode }) => faultCode);

function pool(options: Partial<CapturePoolOptions<HeldJob>> = {}) {
  const errors: string[] = [];
  const onError = ({ faultCode }: HeldJob, error: unknown) => errors.push(`${faultCode}: ${(error as Error).message}`);
  const made = new CapturePool<HeldJob>({ size: 2, depth: 8, policy: 'reject_newest', onError, ...options });
  return { pool: made, errors };
}

describe('the pool of captures', () => {
  it('C01: makes as many concurrently as it has places', async () => {
    const { pool: two } = pool();
    const six = jobs(6);
    for (const job of six) two.take(job);
    assert.deepEqual([begun(six).length, two.running, two.waiting], [2, 2, 4]);
    six[0].release();
    await turn();
    assert.deepEqual([begun(six).length, two.running, two.waiting], [3, 2, 3]);
  });

  it('C02, C06: makes them one after the other, in order of arrival', async () => {
    const { pool: one } = pool({ size: 1 });
    const three = jobs(3);
    for (const job of three) one.take(job);
    for (const [index, job] of three.entries()) {
      assert.deepEqual(begun(three), ['f0', 'f1', 'f2'].slice(0, index + 1));
      job.release();
      await turn();
    }
    assert.equal(one.running, 0);
  });

  it('C04: rejects captures when the queue is full', () => {
    const { pool: two } = pool();
    const outcomes = jobs(15).map((job) => two.take(job).outcome);
    assert.deepEqual(outcomes.slice(0, 10), Array(10).fill('accepted'));
    assert.deepEqual(outcomes.slice(10), Array(5).fill('full'));
    assert.equal(two.dropped, 5);
  });

  for (const [policy, evicted] of [
    ['reject_newest', 'f9'],
    ['drop_oldest', 'f2'],
  ] as const) {
    it(`${policy}: captures faults of others while one source floods the queue`, () => {
      const { pool: two } = pool({ policy });
      for (const job of jobs(10)) two.take(job);
      const answer = two.take(new HeldJob('OTHER', '/other'));
      assert.equal(answer.outcome === 'evicting' && answer.evicted.faultCode, evicted);
      const { held, owners, largest, refused } = two.figures();
      assert.deepEqual([held, owners, largest, refused], [8, 2, 7, 1]);
    });
  }

  it('C05: drops the oldest waiting one, if that is configured', async () => {
    const { pool: two } = pool({ policy: 'drop_oldest' });
    const all = jobs(15);
    const answers = all.map((job) => two.take(job));
    const evicted = answers.flatMap((answer) => (answer.outcome === 'evicting' ? [answer.evicted.faultCode] : []));
    assert.deepEqual(evicted, ['f2', 'f3', 'f4', 'f5', 'f6']);
    assert.equal(two.dropped, 5);
    for (const job of all) job.release();
    await turn();
    assert.deepEqual(begun(all.slice(10)), ['f10', 'f11', 'f12', 'f13', 'f14']);
  });

  it('C03: with one place and a queue of one, the third replaces the second', () => {
    const { pool: one } = pool({ size: 1, depth: 1, policy: 'drop_oldest' });
    const [a, b, c] = jobs(3);
    one.take(a);
    one.take(b);
    assert.deepEqual(one.take(c), { outcome: 'evicting', evicted: b });
    assert.deepEqual(begun([a, b, c]), ['f0']);
  });

  it('C07: continues after one that fails, and reports it', async () => {
    const { pool: one, errors } = pool({ size: 1 });
    const three = jobs(3);
    for (const job of three) one.take(job);
    three[0].fail();
    three[1].release();
    await turn();
    assert.deepEqual([begun(three), errors], [['f0', 'f1', 'f2'], ['f0: defect']]);
  });

  it('C08, C09, C10, C11: stops once the running ones are done, starts no other and accepts none', async () => {
    const { pool: one } = pool({ size: 1 });
    const [a, b, c] = jobs(3);
    one.take(a);
    one.take(b);
    let stopped = 0;
    const stops = [one.stop(), one.stop()].map((stop) => stop.then(() => (stopped += 1)));
    assert.deepEqual(one.take(c), { outcome: 'stopped' });
    await turn();
    assert.equal(stopped, 0);
    a.release();
    await Promise.all(stops);
    assert.deepEqual([begun([a, b, c]), one.running, one.waiting, one.dropped], [['f0'], 0, 0, 0]);
  });

  it('drops a waiting capture when it is withdrawn', async () => {
    const { pool: one } = pool({ size: 1 });
    const [a, b] = jobs(2);
    one.take(a);
    one.take(b);
    assert.deepEqual([one.remove(b), one.remove(a)], [true, false]);
    a.release();
    await turn();
    assert.deepEqual(begun([a, b]), ['f0']);
  });
});
