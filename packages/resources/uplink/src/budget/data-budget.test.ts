import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryFiles, SimulatedClock } from '@medkit/edges/testing';
import { type BudgetDay, dayNow, emptyDay, localDay, nextDayMs, parseDay } from './budget-day.ts';
import { openDataBudget } from './data-budget.ts';
import { trafficClass } from './traffic-class.ts';

const FILE = '/data/uplink/traffic.json';
const HOUR_MS = 3_600_000;
/** Noon in the time zone of this machine. */
const NOON_MS = new Date(2026, 10, 27, 12).getTime();

async function setUp(limitBytes = 0, files = new MemoryFiles(), clock = new SimulatedClock({ epochMs: NOON_MS })) {
  const lines: string[] = [];
  const log = (_: string, text: string) => lines.push(text);
  const open = () => openDataBudget({ folder: '/data/uplink', files, clock, limitBytes, log });
  return { budget: await open(), open, files, clock, lines };
}

const sent = (bytes: number, trafficClass = 3) => ({ trafficClass, direction: 'sent' as const, bytes });
const received = (bytes: number, trafficClass = 3) => ({ trafficClass, direction: 'received' as const, bytes });

describe('the data budget', () => {
  it('counts both directions by class, with 7 % for TCP and TLS', async () => {
    const { budget } = await setUp();
    budget.count(sent(1000));
    budget.count(received(200, 1));
    const { day, used_bytes, classes, limit_bytes, renews } = budget.state();
    assert.deepEqual([day, used_bytes, limit_bytes], ['2026-11-27', 1284, undefined]);
    assert.equal(renews, new Date(2026, 10, 28).toISOString());
    assert.deepEqual(classes[1], { class: 1, sent_bytes: 0, received_bytes: 214 });
    assert.deepEqual(classes[3], { class: 3, sent_bytes: 1070, received_bytes: 0 });
    assert.deepEqual(budget.totals()[3], { class: 3, sent_bytes: 1000, received_bytes: 0 });
    assert.equal(budget.refusal(3), undefined);
  });

  it('refuses requests of people beyond it, frames from 120 % on, and never state and log', async () => {
    const { budget, clock } = await setUp(1070);
    budget.count(sent(999));
    const refused = () => [0, 1, 2, 3, 4, 5].filter((each) => budget.refusal(each as 0) !== undefined);
    assert.deepEqual(refused(), []);
    budget.count(sent(1, 0));
    assert.deepEqual(refused(), [3, 4, 5]);
    assert.deepEqual(budget.refusal(3), {
      limit_bytes: 1070,
      used_bytes: 1070,
      left_bytes: 0,
      renews: new Date(2026, 10, 28).toISOString(),
      retry_after: 12 * 3600,
    });
    assert.deepEqual([budget.holdMs(3), budget.holdMs(4) > 0, budget.holdMs(5) > 0], [0, true, true]);
    budget.count(received(200, 1));
    assert.deepEqual(refused(), [2, 3, 4, 5]);
    clock.advance(12 * HOUR_MS);
    assert.deepEqual(refused(), []);
    assert.equal(budget.state().used_bytes, 0);
  });

  it('continues its count after a restart, and after a kill without the last bytes only', async () => {
    const { budget, open, files, clock } = await setUp();
    budget.count(sent(100_000));
    await budget.close();
    const second = await open();
    assert.equal(second.state().used_bytes, 107_000);
    second.count(sent(262_144));
    second.count(sent(200_000));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal((await open()).state().used_bytes, Math.round(362_144 * 1.07));
    clock.advance(60_000);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal((await open()).state().used_bytes, Math.round(562_144 * 1.07));
    clock.advance(24 * HOUR_MS);
    assert.equal((await open()).state().used_bytes, 0);
    assert.deepEqual([...files.contents.keys()], [FILE]);
  });

  it('begins with 0 if its file cannot be used, and says so', async () => {
    const files = new MemoryFiles({ [FILE]: '{"day":"2026-11-27","sent":[1],"received":[]}' });
    const { budget, lines } = await setUp(0, files);
    assert.equal(budget.state().used_bytes, 0);
    assert.match(lines.join(), /traffic.json has no count of the traffic/);
  });
});

describe('the day of the data budget', () => {
  const at = (...parts: [number, number, number, number?]) =>
    new Date(...(parts as [number, number, number])).getTime();
  const counted: BudgetDay = { ...emptyDay('2026-11-27'), sent: [1, 2, 3, 4, 5, 6] };
  const after = (wallMs: number, isStart = false) => {
    const { day, sent: bytes } = dayNow(counted, wallMs, isStart);
    return [day, bytes[5]];
  };

  it('begins at midnight of the machine, also after it slept or was off', () => {
    assert.deepEqual(after(at(2026, 10, 27, 23)), ['2026-11-27', 6]);
    assert.deepEqual(after(at(2026, 10, 28, 0)), ['2026-11-28', 0]);
    assert.deepEqual(after(at(2026, 11, 2)), ['2026-12-02', 0]);
    assert.deepEqual(after(at(2027, 5, 1), true), ['2027-06-01', 0]);
  });

  it('is not begun and loses nothing if the clock is set', () => {
    assert.deepEqual(after(at(1970, 0, 1)), ['1970-01-01', 6]);
    assert.deepEqual(after(at(2031, 2, 3)), ['2031-03-03', 6]);
    assert.deepEqual(after(at(2026, 10, 26, 23)), ['2026-11-27', 6]);
    assert.deepEqual(after(at(1970, 0, 1), true), ['1970-01-01', 6]);
  });

  it('ends at the next midnight, and its file must have every count', () => {
    assert.equal(localDay(nextDayMs(NOON_MS)), '2026-11-28');
    assert.deepEqual(parseDay(JSON.stringify(counted)), counted);
    for (const text of ['', '7', '{"day":"today"}', JSON.stringify({ ...counted, sent: [1, 2, 3, 4, 5, -6] })]) {
      assert.equal(parseDay(text), undefined);
    }
  });
});

describe('the class of a request', () => {
  it('comes from its destination, and from the header as far as the destination allows', () => {
    const of = (authority: 'files' | 'gateway' | 'uplink', url: string, stated?: string) =>
      trafficClass({ authority, url, stated });
    assert.equal(of('uplink', '/api/v1/x-medkit-uplink/state'), 0);
    assert.equal(of('uplink', '/api/v1/x-medkit-uplink/log?after=3', '5'), 1);
    assert.equal(of('uplink', '/api/v1/apps/a/faults/F'), 2);
    assert.equal(of('gateway', '/api/v1/x-medkit-uplink/state', '0'), 3);
    assert.deepEqual(
      [of('files', '/x'), of('files', '/x', '3'), of('files', '/x', '5'), of('files', '/x', '1')],
      [4, 3, 5, 4],
    );
  });
});
