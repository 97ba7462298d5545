import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import type { AlarmSignal } from '../alarms/alarm-signal.ts';
import { FaultReports } from './fault-reports.ts';

const signal = (kind: AlarmSignal['kind'], code = 'LOW', entityId = 'tank'): AlarmSignal => ({
  code,
  entityId,
  kind,
  severity: 1,
  message: '',
});

/** Simulates a gateway whose answers the test controls; `clears` are those to the next ends of faults. */
function gateway({ clears = [] as boolean[], isTaken = true } = {}) {
  const clock = new SimulatedClock();
  const done: string[] = [];
  let gate = Promise.withResolvers<void>();
  gate.resolve();
  const scene = { isTaken };
  const reports = new FaultReports({
    clock,
    log: () => undefined,
    context: {
      reportFault: async ({ code, event }) => {
        await gate.promise;
        done.push(`${event} ${code}`);
        return scene.isTaken;
      },
      clearFault: async ({ code, source }) => {
        await gate.promise;
        done.push(`clear ${code} of ${source}`);
        return scene.isTaken && (clears.shift() ?? true);
      },
    },
  });
  return {
    ...{ reports, clock, done, scene },
    hold: () => {
      gate = Promise.withResolvers<void>();
    },
    release: () => gate.resolve(),
  };
}

describe('reports of faults', () => {
  it('converge to the final state, whatever happens during a pending report', async () => {
    const { reports, clock, done, hold, release } = gateway();
    hold();
    reports.send(signal('raise'));
    reports.send(signal('clear'));
    release();
    await clock.advanceAsync(1000, 10);
    assert.deepEqual(done, ['FAILED LOW', 'clear LOW of tank']);
    hold();
    reports.send(signal('clear'));
    reports.send(signal('raise'));
    release();
    await clock.advanceAsync(1000, 10);
    assert.equal(done.at(-1), 'FAILED LOW');
  });

  it('are repeated until the gateway accepts them, with the newest state only', async () => {
    const { reports, clock, done, scene } = gateway({ isTaken: false });
    reports.send(signal('raise'));
    await clock.advanceAsync(1000, 10);
    reports.send(signal('clear'));
    scene.isTaken = true;
    await clock.advanceAsync(20_000, 10);
    assert.equal(done.at(-1), 'clear LOW of tank');
    const { length } = done;
    await clock.advanceAsync(20_000, 10);
    assert.equal(done.length, length);
  });

  it('of one code from two entities do not replace each other', async () => {
    const { reports, clock, done, hold, release } = gateway();
    hold();
    reports.send(signal('raise'));
    reports.send(signal('clear', 'LOW', 'pump'));
    release();
    await clock.advanceAsync(1000, 10);
    assert.deepEqual(done.toSorted(), ['FAILED LOW', 'clear LOW of pump']);
  });

  it('are repeated until the gateway can clear the fault', async () => {
    const { reports, clock, done } = gateway({ clears: [false, false, true] });
    reports.send(signal('clear'));
    await clock.advanceAsync(10_000, 10);
    assert.deepEqual(done, Array(3).fill('clear LOW of tank'));
  });

  it('end with the plugin, including queued ones', async () => {
    const { reports, clock, done } = gateway({ isTaken: false });
    reports.send(signal('raise'));
    await clock.advanceAsync(1000, 10);
    reports.stop();
    const { length } = done;
    await clock.advanceAsync(60_000, 100);
    assert.equal(done.length, length);
  });
});

describe('reports in the queue', () => {
  it('are bounded for each entity, so that one with arbitrary codes leaves room for others', () => {
    const { reports, hold } = gateway();
    hold();
    for (let index = 0; index < 3000; index += 1) reports.send(signal('raise', `MADE_UP_${index}`));
    reports.send(signal('raise', 'REAL', 'pump'));
    const { held, owners, largest } = reports.quota.figures();
    assert.deepEqual([held, owners, largest, reports.lost], [2049, 2, 2048, 952]);
  });
});
