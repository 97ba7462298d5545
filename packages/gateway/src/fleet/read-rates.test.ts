import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { SimulatedClock } from '@medkit/edges/testing';
import { readRates } from './read-rates.ts';

/** Records of one page of a log. */
const PAGE = 1000;

const page = (records = PAGE, chars = 10) =>
  Array.from({ length: records }, (_, at) => ({ seq: at + 1, text: 'x'.repeat(chars) }));

describe('rates of reading', () => {
  function setUp() {
    const clock = new SimulatedClock();
    const reports: string[] = [];
    const rates = readRates(clock, (robot, isThrottled) => reports.push(`${robot} ${isThrottled}`));
    const stay = new AbortController().signal;
    /** Reads pages of a robot for some seconds, as fast as it may. Returns their number. */
    const read = async (robot: string, sec: number, records = page()): Promise<number> => {
      const endMs = clock.monotonicMs() + sec * 1000;
      const rate = rates.of(robot);
      let pages = 0;
      while (clock.monotonicMs() < endMs) {
        let isReady = false;
        void rate.ready(stay).then(() => {
          isReady = true;
        });
        await setImmediate();
        for (; !isReady && clock.monotonicMs() < endMs; await setImmediate()) clock.advance(100);
        if (!isReady) break;
        rate.count(records);
        pages += 1;
      }
      return pages;
    };
    return { clock, rates, reports, read, stay };
  }

  it('allow a burst of a second, and 2,000 records a second from then on', async () => {
    const { read, rates } = setUp();
    // Two pages at the beginning, and then one each half second, both ends included.
    assert.equal(await read('amr-1', 30), 2 + 61);
    assert.equal(rates.throttled, 1);
    assert.deepEqual(rates.reported(), []);
  });

  it('count long records as several', async () => {
    const { read } = setUp();
    // 100 records of 80 KiB count as 1,000.
    assert.equal(await read('amr-1', 10, page(100, 81_920)), 2 + 21);
  });

  it('are separate, and outlast a session', async () => {
    const { rates, read, stay } = setUp();
    await read('amr-1', 1);
    let isReady = false;
    void rates
      .of('amr-1')
      .ready(stay)
      .then(() => {
        isReady = true;
      });
    await rates.of('amr-2').ready(stay);
    await setImmediate();
    assert.equal(isReady, false);
  });

  it('end a wait when the session ends', async () => {
    const { rates, read } = setUp();
    await read('amr-1', 1);
    const gone = new AbortController();
    const waiting = rates.of('amr-1').ready(gone.signal);
    gone.abort();
    await waiting;
  });

  it('report a robot that sends too much for longer than a backlog lasts, each minute until it sends less', async () => {
    const { clock, rates, reports, read, stay } = setUp();
    await read('amr-1', 59);
    assert.deepEqual(reports, []);
    await read('amr-1', 10);
    assert.deepEqual([reports, rates.reported()], [['amr-1 true'], ['amr-1']]);
    await read('amr-1', 60);
    assert.deepEqual(reports, ['amr-1 true', 'amr-1 true']);
    clock.advance(61_000);
    await rates.of('amr-2').ready(stay);
    assert.deepEqual([reports.at(-1), rates.reported(), rates.throttled], ['amr-1 false', [], 0]);
  });

  it('do not report a robot that waits now and then', async () => {
    const { clock, reports, read } = setUp();
    for (let hour = 0; hour < 3; hour += 1) {
      await read('amr-1', 40);
      clock.advance(3_600_000);
    }
    assert.deepEqual(reports, []);
  });
});
