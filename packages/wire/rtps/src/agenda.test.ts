import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Clock, seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { Agenda } from './agenda.ts';

describe('an agenda', () => {
  it('fires alarms in order of their time, whatever was moved or cancelled', () => {
    const random = seededRandom(3);
    const clock = new SimulatedClock();
    const agenda = new Agenda(clock);
    const fired: { readonly dueMs: number; readonly atMs: number }[] = [];
    const due = new Map<number, number>();
    const alarms = Array.from({ length: 200 }, (_, index) =>
      agenda.alarm(() => {
        fired.push({ dueMs: due.get(index)!, atMs: clock.monotonicMs() });
        due.delete(index);
      }),
    );
    for (let round = 0; round < 1000; round += 1) {
      const index = Math.floor(random.float() * alarms.length);
      if (random.float() < 0.2) {
        alarms[index].cancel();
        due.delete(index);
      } else {
        const delayMs = Math.floor(random.float() * 500);
        alarms[index].set(delayMs);
        due.set(index, clock.monotonicMs() + delayMs);
      }
      if (round % 10 === 0) clock.advance(1);
    }
    const left = due.size;
    const before = fired.length;
    clock.advance(1000);
    assert.equal(fired.length - before, left);
    assert.equal(due.size, 0);
    for (const { dueMs, atMs } of fired) assert.ok(Math.abs(atMs - dueMs) <= 1, `due ${dueMs}, fired ${atMs}`);
  });

  it('moves an alarm forward with `setAtMost`, never back', () => {
    const clock = new SimulatedClock();
    const agenda = new Agenda(clock);
    let firedMs = -1;
    const alarm = agenda.alarm(() => {
      firedMs = clock.monotonicMs();
    });
    alarm.set(50);
    alarm.setAtMost(100);
    alarm.setAtMost(20);
    clock.advance(200);
    assert.equal(firedMs, 20);
  });

  it('does not let the clock wake it for a cancelled alarm', () => {
    const clock = new SimulatedClock();
    let wakes = 0;
    const counted: Clock = {
      wallNs: () => clock.wallNs(),
      wallMs: () => clock.wallMs(),
      monotonicMs: () => clock.monotonicMs(),
      after: (delayMs, callback) =>
        clock.after(delayMs, () => {
          wakes += 1;
          callback();
        }),
      every: (periodMs, callback) => clock.every(periodMs, callback),
    };
    const agenda = new Agenda(counted);
    const [soon, late] = [agenda.alarm(() => undefined), agenda.alarm(() => undefined)];
    agenda.beginTurn();
    soon.set(10);
    late.set(100);
    agenda.endTurn();
    clock.advance(5);
    agenda.beginTurn();
    soon.cancel();
    agenda.endTurn();
    clock.advance(95);
    assert.equal(late.isSet, false);
    assert.equal(wakes, 1);
  });

  it('fires only a few alarms together, so that data that arrives meanwhile makes the others needless', () => {
    const clock = new SimulatedClock();
    const agenda = new Agenda(clock);
    let fired = 0;
    const alarms = Array.from({ length: 500 }, () =>
      agenda.alarm(() => {
        fired += 1;
      }),
    );
    for (const alarm of alarms) alarm.set(5);
    let firedOnArrival = 0;
    clock.after(5, () => {
      firedOnArrival = fired;
      for (const alarm of alarms) alarm.cancel();
    });
    clock.advance(100);
    assert.ok(firedOnArrival > 0 && firedOnArrival <= 50, `${firedOnArrival}`);
    assert.equal(fired, firedOnArrival);
  });

  it('fires nothing after it was stopped, also by one of its alarms', () => {
    const clock = new SimulatedClock();
    const agenda = new Agenda(clock);
    let fired = 0;
    agenda.alarm(() => agenda.stop()).set(5);
    const late = agenda.alarm(() => {
      fired += 1;
    });
    late.set(10);
    clock.advance(6);
    late.set(10);
    clock.advance(100);
    assert.equal(fired, 0);
  });

  it('continues if an alarm throws, and reports the error', () => {
    const clock = new SimulatedClock();
    const failed: unknown[] = [];
    const agenda = new Agenda(clock, undefined, {
      processPaused: () => undefined,
      failed: (error) => failed.push(error),
    });
    const fired: number[] = [];
    for (const at of [1, 2, 3]) {
      const alarm = agenda.alarm(() => {
        if (at === 2) throw new Error('two');
        fired.push(at);
      });
      alarm.set(at);
    }
    clock.advance(10);
    assert.deepEqual(fired, [1, 3]);
    assert.deepEqual(failed, [new Error('two')]);
  });
});
