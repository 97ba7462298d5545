import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { recordedEvents } from '../replay/recorded-events.ts';
import { REPORT_RUNS, reportRunOf } from '../storage/report-rows.ts';
import { faultStore, type RobotFaults, robotFaults } from '../testing/robot-faults.ts';
import { MAX_EXACT_REPETITIONS, MAX_RUNS, MAX_RUNS_PER_FAULT, RUNS_PER_STATE } from './report-run.ts';

async function runsOf({ store }: Pick<RobotFaults, 'store'>) {
  const rows = await store.read(REPORT_RUNS, [0, 10_000]);
  return rows.flatMap((row) => reportRunOf(row) ?? []);
}

async function eventsOf(robot: Pick<RobotFaults, 'store'>) {
  return recordedEvents(await runsOf(robot)).events.map(({ timeNs, event }) => [
    Number(timeNs / 1_000_000n),
    event.kind,
    event.code,
  ]);
}

const HEALING = { healing_enabled: true, healing_threshold: 1 } as const;

describe('the report log', () => {
  it('has every processed report and clear in order, with its time', async () => {
    const robot = await robotFaults({ configuration: HEALING });
    const t0 = robot.clock.wallMs();
    await robot.fail({ code: 'A' });
    robot.clock.advance(10);
    await robot.fail({ code: 'B' });
    robot.clock.advance(10);
    await robot.fail({ code: 'A' });
    await robot.pass({ code: 'A' });
    robot.clock.advance(10);
    await robot.pass({ code: 'A' });
    await robot.manager.clear('B', { cascade: true, client: 'jan' });
    assert.deepEqual(await eventsOf(robot), [
      [t0, 'start', ''],
      [t0, 'failed', 'A'],
      [t0 + 10, 'failed', 'B'],
      [t0 + 20, 'failed', 'A'],
      [t0 + 20, 'passed', 'A'],
      [t0 + 30, 'passed', 'A'],
      [t0 + 30, 'clear', 'B'],
    ]);
    assert.equal((await runsOf(robot)).length, 5, 'repetitions share a row');
  });

  it('leaves out reports that count for nothing', async () => {
    const robot = await robotFaults();
    await robot.pass();
    await robot.fail();
    await robot.pass({ source: '/other' });
    await robot.fail({ code: '' });
    assert.deepEqual(
      (await eventsOf(robot)).map(([, kind]) => kind),
      ['start', 'failed'],
    );
  });

  it('keeps the order if the clock is set back, and after a restart', async () => {
    const clock = new SimulatedClock();
    const store = faultStore(clock);
    const first = await robotFaults({ clock, store });
    await first.fail({ code: 'A' });
    clock.stepWall(-3_600_000);
    await first.fail({ code: 'A' });
    await first.manager.stop();
    const second = await robotFaults({ clock, store });
    await second.fail({ code: 'A' });
    assert.deepEqual(
      (await eventsOf(second)).map(([, kind]) => kind),
      ['start', 'failed', 'failed', 'start', 'failed'],
    );
  });

  it('counts repetitions beyond the exact ones', async () => {
    const robot = await robotFaults();
    const count = MAX_EXACT_REPETITIONS + 11;
    for (let report = 0; report < count; report += 1) {
      robot.clock.advance(1000);
      await robot.fail();
    }
    const runs = await runsOf(robot);
    assert.deepEqual([runs.length, runs[1]?.more], [2, 10]);
    const events = await eventsOf(robot);
    assert.equal(events.length, count + 1);
    assert.equal(events.at(-1)?.[0], Math.floor(robot.clock.wallMs()));
  });

  it('is replayed from its newest events, and one run does not use all of them', async () => {
    const robot = await robotFaults();
    for (const code of ['OLD', 'A', 'B']) await robot.fail({ code });
    const [start, ...runs] = await runsOf(robot);
    const repeated = runs.map((run) => ({ ...run, more: 1000, untilNs: run.startNs + 1_000_000_000n }));
    const { events, isCut } = recordedEvents([start!, ...repeated], 40);
    assert.deepEqual([events.length, isCut, events.filter(({ event }) => event.code === 'A').length], [10, true, 3]);
    const few = recordedEvents(runs, 2);
    assert.deepEqual([few.events.map(({ event }) => event.code), few.isCut], [['A', 'B'], true]);
    assert.equal(recordedEvents(runs).isCut, false);
  });

  it('bounds the runs of a fault, which begin with its state', async () => {
    const robot = await robotFaults({ configuration: HEALING });
    for (let report = 0; report < 2 * MAX_RUNS_PER_FAULT; report += 1) {
      robot.clock.advance(100);
      await robot.fail();
      await robot.pass();
    }
    const runs = (await runsOf(robot)).filter(({ event }) => event.code !== '');
    assert.ok(runs.length > MAX_RUNS_PER_FAULT && runs.length <= MAX_RUNS_PER_FAULT + 2 * RUNS_PER_STATE);
    assert.equal(typeof runs[0]?.before, 'object');
    assert.equal((await eventsOf(robot)).length, runs.length + 1);
  });

  it('is bounded in total', async () => {
    const clock = new SimulatedClock();
    const store = faultStore(clock);
    await store.write([
      {
        sql: `INSERT INTO report_runs VALUES (?, 1, 'A', 'failed', '/a', NULL, NULL, 2, 0, x'', 0, 0, NULL)`,
        parameters: [MAX_RUNS + 998],
      },
      { sql: `INSERT INTO report_runs VALUES (5, 1, 'A', 'failed', '/a', NULL, NULL, 2, 0, x'', 0, 0, NULL)` },
    ]);
    const robot = await robotFaults({ clock, store });
    await robot.fail({ code: 'B' });
    assert.deepEqual(
      (await runsOf(robot)).map(({ id }) => id),
      [MAX_RUNS + 998, MAX_RUNS + 999, MAX_RUNS + 1000],
    );
  });

  it('survives a refused write, and skips damaged rows', async () => {
    let broken = false;
    const robot = await robotFaults({
      through: (storage) => ({
        ...storage,
        save: async (change) => {
          if (broken) throw new Error('the disk is full');
          return storage.save(change);
        },
      }),
    });
    await robot.fail();
    broken = true;
    await assert.rejects(robot.fail({ source: '/b' }));
    broken = false;
    await robot.fail();
    const kinds = async () => (await eventsOf(robot)).map(([, kind]) => kind);
    assert.deepEqual(await kinds(), ['start', 'failed', 'failed']);
    await robot.store.write([
      { sql: `INSERT INTO report_runs VALUES (90, 1, 'X', 'failed', '/a', NULL, NULL, 9, 0, x'', 0, 0, '')` },
      { sql: `INSERT INTO report_runs VALUES (91, 1, 'X', 'failed', '/a', NULL, NULL, 1, 0, x'', 0, 0, '{')` },
      { sql: `INSERT INTO report_runs VALUES (92, 1, 'X', 'what', '/a', NULL, NULL, 1, 0, x'', 0, 0, '')` },
    ]);
    assert.deepEqual(await kinds(), ['start', 'failed', 'failed']);
  });
});
