import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import type { AlarmSignal } from '../alarms/alarm-signal.ts';
import { FaultReports } from './fault-reports.ts';

const signal = (kind: AlarmSignal['kind'], code = 'LOW'): AlarmSignal => ({
  code,
  entityId: 'tank',
  kind,
  severity: 1,
  message: '',
});
const OWNER = { kind: 'app', id: 'tank' } as const;

/** Simulates a gateway whose answers the test controls. */
function gateway({ statuses = [] as number[], isTaken = true } = {}) {
  const clock = new SimulatedClock();
  const done: string[] = [];
  let gate = Promise.withResolvers<void>();
  gate.resolve();
  const scene = { isTaken, missing: 'resource-not-found', failing: [] as string[] };
  const reports = new FaultReports({
    clock,
    log: () => undefined,
    context: {
      reportFault: async ({ code, event }) => {
        await gate.promise;
        done.push(`${event} ${code}`);
        return scene.isTaken;
      },
      request: async ({ method }) => {
        await gate.promise;
        if (method === 'GET') {
          return { status: 200, headers: {}, body: { 'x-medkit': { failing_sources: scene.failing } } };
        }
        const status = statuses.shift() ?? 204;
        done.push(`${method} ${status}`);
        const body = status === 404 ? { error_code: scene.missing } : undefined;
        return { status, headers: {}, body };
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
    reports.send(signal('raise'), OWNER);
    reports.send(signal('clear'), OWNER);
    release();
    await clock.advanceAsync(1000, 10);
    assert.deepEqual(done, ['FAILED LOW', 'PASSED LOW', 'DELETE 204']);
    hold();
    reports.send(signal('clear'), OWNER);
    reports.send(signal('raise'), OWNER);
    release();
    await clock.advanceAsync(1000, 10);
    assert.equal(done.at(-1), 'FAILED LOW');
  });

  it('are repeated until the gateway accepts them, with the newest state only', async () => {
    const { reports, clock, done, scene } = gateway({ isTaken: false });
    reports.send(signal('raise'), OWNER);
    await clock.advanceAsync(1000, 10);
    reports.send(signal('clear'), OWNER);
    scene.isTaken = true;
    await clock.advanceAsync(20_000, 10);
    assert.deepEqual(done.slice(-2), ['PASSED LOW', 'DELETE 204']);
    const { length } = done;
    await clock.advanceAsync(20_000, 10);
    assert.equal(done.length, length);
  });

  it('do not delete a fault that another source still reports as failed', async () => {
    const { reports, clock, done, scene } = gateway();
    scene.failing = ['/pump_node'];
    reports.send(signal('clear'), OWNER);
    await clock.advanceAsync(10_000, 10);
    assert.deepEqual(done, ['PASSED LOW']);
    scene.failing = [];
    reports.send(signal('clear'), OWNER);
    await clock.advanceAsync(1000, 10);
    assert.deepEqual(done, ['PASSED LOW', 'PASSED LOW', 'DELETE 204']);
  });

  it('of one code from two entities do not replace each other', async () => {
    const { reports, clock, done, hold, release } = gateway();
    hold();
    reports.send(signal('raise'), OWNER);
    reports.send(signal('clear'), { kind: 'app', id: 'pump' });
    release();
    await clock.advanceAsync(1000, 10);
    assert.deepEqual(done.toSorted(), ['DELETE 204', 'FAILED LOW', 'PASSED LOW']);
  });

  it("delete a fault once a client's lock on it is released, and ignore a missing fault", async () => {
    const { reports, clock, done } = gateway({ statuses: [409, 409, 204, 404] });
    reports.send(signal('clear'), OWNER);
    await clock.advanceAsync(10_000, 10);
    assert.deepEqual(
      done.filter((each) => each.startsWith('DELETE')),
      ['DELETE 409', 'DELETE 409', 'DELETE 204'],
    );
    reports.send(signal('clear', 'GONE'), OWNER);
    await clock.advanceAsync(10_000, 10);
    assert.equal(done.filter((each) => each.startsWith('DELETE')).length, 4);
  });

  it('do not delete a fault while its entity is missing from the tree, but once it is back', async () => {
    const { reports, clock, done, scene } = gateway({ statuses: [404, 404, 204] });
    scene.missing = 'entity-not-found';
    reports.send(signal('clear'), OWNER);
    await clock.advanceAsync(10_000, 10);
    assert.deepEqual(
      done.filter((each) => each.startsWith('DELETE')),
      ['DELETE 404', 'DELETE 404', 'DELETE 204'],
    );
  });

  it('end with the plugin, including queued ones', async () => {
    const { reports, clock, done } = gateway({ isTaken: false });
    reports.send(signal('raise'), OWNER);
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
    for (let index = 0; index < 3000; index += 1) reports.send(signal('raise', `MADE_UP_${index}`), OWNER);
    reports.send(signal('raise', 'REAL'), { kind: 'app', id: 'pump' });
    const { held, owners, largest } = reports.quota.figures();
    assert.deepEqual([held, owners, largest, reports.lost], [2049, 2, 2048, 952]);
  });
});
