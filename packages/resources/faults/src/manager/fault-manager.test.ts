import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FAULT_STATUSES } from '@medkit/core';
import { seededRandom } from '@medkit/edges';
import { SEVERITY } from '../fault/severity.ts';
import type { FaultStorage } from '../storage/fault-storage.ts';
import { type RobotFaults, robotFaults } from '../testing/robot-faults.ts';
import { MAX_DESCRIPTION_LENGTH, MAX_SOURCE_LENGTH } from './fault-report.ts';

const announced = ({ events }: RobotFaults) => events.map(({ type, fault }) => [type, fault.status]);
const codes = (robot: RobotFaults, ...statuses: readonly string[]) =>
  robot.manager.list({ statuses }).faults.map(({ code }) => code);
/** Waits until the work that a timer began has ended. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('reports', () => {
  it('P05, P09: a new fault is published once, complete, with the time of the wall clock', async () => {
    const robot = await robotFaults();
    await robot.fail({ severity: SEVERITY.CRITICAL, description: 'pump pressure low', source: '/pump' });
    assert.equal(robot.events.length, 1);
    const [{ id, type, fault, timeNs, autoClearedCodes }] = robot.events;
    assert.deepEqual([id, type, timeNs, autoClearedCodes], [1, 'fault_confirmed', robot.clock.wallNs(), []]);
    assert.deepEqual(
      [fault.status, fault.severity, fault.description, fault.occurrenceCount, fault.sources],
      ['CONFIRMED', SEVERITY.CRITICAL, 'pump pressure low', 1, ['/pump']],
    );
  });

  it('P06: the report of another source updates the fault', async () => {
    const robot = await robotFaults();
    await robot.fail({ source: '/a' });
    await robot.fail({ source: '/b' });
    assert.deepEqual(announced(robot), [
      ['fault_confirmed', 'CONFIRMED'],
      ['fault_updated', 'CONFIRMED'],
    ]);
    assert.equal(robot.manager.get('F1')?.occurrenceCount, 1);
  });

  it('P08: a fault that heals is published as cleared, with its status', async () => {
    const robot = await robotFaults({ configuration: { healing_enabled: true, healing_threshold: 1 } });
    await robot.fail();
    await robot.pass();
    await robot.pass();
    await robot.pass();
    assert.deepEqual(announced(robot), [
      ['fault_confirmed', 'CONFIRMED'],
      ['fault_updated', 'CONFIRMED'],
      ['fault_cleared', 'HEALED'],
    ]);
  });

  it('L02: a PASSED for an unknown code is accepted and writes nothing', async () => {
    let writes = 0;
    const counting = (storage: FaultStorage): FaultStorage => ({
      ...storage,
      save: (change) => {
        writes += 1;
        return storage.save(change);
      },
    });
    const robot = await robotFaults({ through: counting });
    assert.deepEqual(await robot.pass(), { accepted: true, fault: undefined });
    assert.equal(writes, 0);
  });

  it('2.2: rejects an invalid report, with the reason', async () => {
    const robot = await robotFaults();
    const refusals = [
      [{ code: '' }, 'fault_code cannot be empty'],
      [{ source: '' }, 'source_id cannot be empty'],
      [{ source: 's'.repeat(MAX_SOURCE_LENGTH + 1) }, `source_id exceeds maximum length of ${MAX_SOURCE_LENGTH}`],
      [{ severity: 4 }, 'severity 4 is not one of 0, 1, 2, 3'],
    ] as const;
    for (const [report, reason] of refusals) assert.deepEqual(await robot.fail(report), { accepted: false, reason });
    assert.equal((await robot.pass({ severity: 77 })).accepted, true);
    assert.deepEqual(codes(robot, ...FAULT_STATUSES), []);
  });

  it('truncates a description that is too long, and marks it', async () => {
    const robot = await robotFaults();
    await robot.fail({ description: '😀'.repeat(MAX_DESCRIPTION_LENGTH) });
    const description = robot.manager.get('F1')!.description;
    assert.equal(description, `${'😀'.repeat(MAX_DESCRIPTION_LENGTH / 2 - 1)}…`);
  });

  it('T13: judges each report by the thresholds of its source', async () => {
    const robot = await robotFaults({
      overrides: { '/motor': { confirmationThreshold: -3 } },
      configuration: { healing_enabled: true, healing_threshold: 1 },
    });
    await robot.fail({ source: '/motor/left' });
    assert.equal(robot.manager.get('F1')?.status, 'PREFAILED');
    await robot.fail({ source: '/lidar' });
    assert.equal(robot.manager.get('F1')?.status, 'CONFIRMED');
    const { prefix, band } = robot.manager.thresholdsOf('/motor/left');
    assert.deepEqual([prefix, band.confirmationThreshold], ['/motor', -3]);
    assert.equal(robot.manager.thresholdsOf('/lidar').prefix, undefined);
  });

  it('reports immediately a fault that starts to fail: when it is new, and when it returns', async () => {
    const robot = await robotFaults({
      configuration: { confirmation_threshold: -2, healing_enabled: true, healing_threshold: 1 },
    });
    const reported: unknown[] = [];
    const stop = robot.manager.onFailed(({ code, status, occurrenceCount }) =>
      reported.push([code, status, occurrenceCount]),
    );
    const first = robot.fail();
    assert.deepEqual(reported, [['F1', 'PREFAILED', 1]]);
    await first;
    await robot.fail();
    await robot.manager.clear('F1', { cascade: false });
    await robot.pass();
    assert.equal(reported.length, 1);
    await robot.fail();
    assert.deepEqual(reported[1], ['F1', 'PREFAILED', 2]);
    for (let passed = 0; passed < 2; passed += 1) await robot.pass();
    assert.equal(robot.manager.get('F1')?.status, 'HEALED');
    await robot.fail();
    assert.equal(reported.length, 3);
    stop();
    await robot.fail({ code: 'F2' });
    assert.equal(reported.length, 3);
  });

  it('is acknowledged and shown only once it is on disk', async () => {
    const released: (() => void)[] = [];
    const slow = (storage: FaultStorage): FaultStorage => ({
      ...storage,
      save: async (change) => {
        await new Promise<void>((resolve) => released.push(resolve));
        return storage.save(change);
      },
    });
    const robot = await robotFaults({ through: slow });
    let acknowledged = 0;
    const reports = [robot.fail(), robot.fail()].map((report) => report.then(() => (acknowledged += 1)));
    await settled();
    assert.deepEqual([acknowledged, robot.manager.get('F1'), robot.events.length], [0, undefined, 0]);
    for (const release of released) release();
    await Promise.all(reports);
    assert.deepEqual(announced(robot).flat(), ['fault_confirmed', 'CONFIRMED', 'fault_updated', 'CONFIRMED']);
  });
});

describe('clears', () => {
  it('P07, L08: each clear is published, and one of an unknown fault is rejected', async () => {
    const robot = await robotFaults();
    await robot.fail();
    const answer = await robot.manager.clear('F1', { cascade: true });
    assert.deepEqual(answer, { cleared: true, message: 'Fault cleared: F1', autoClearedCodes: [] });
    await robot.manager.clear('F1', { cascade: true });
    assert.deepEqual(announced(robot).slice(1), [
      ['fault_cleared', 'CLEARED'],
      ['fault_cleared', 'CLEARED'],
    ]);
    assert.deepEqual(codes(robot, 'CLEARED'), ['F1']);
    assert.deepEqual(await robot.manager.clear('F2', { cascade: true }), {
      cleared: false,
      message: 'Fault not found: F2',
      problem: 'unknown-fault',
    });
    assert.deepEqual(await robot.manager.clear('a/b', { cascade: true }).then(({ cleared }) => cleared), false);
    assert.equal(robot.events.length, 3);
  });

  const CASCADE = {
    id: 'cascade',
    name: 'cascade',
    mode: 'hierarchical',
    windowMs: 1000,
    rootCause: ['ESTOP'],
    symptoms: ['DRIVE_*'],
    muteSymptoms: true,
    autoClearWithRoot: true,
  } as const;

  it('2.5, 12.4: clears symptoms with their root as one event, and only on request', async () => {
    const robot = await robotFaults({ rules: [CASCADE] });
    for (const code of ['ESTOP', 'DRIVE_1', 'DRIVE_2']) await robot.fail({ code });
    assert.deepEqual(announced(robot), [['fault_confirmed', 'CONFIRMED']]);
    assert.deepEqual(codes(robot), ['ESTOP']);
    assert.equal(robot.manager.list({ includeMuted: true }).faults.length, 3);
    assert.equal(robot.manager.list({}).muted.length, 2);

    const { message } = await robot.manager.clear('ESTOP', { cascade: true });
    assert.equal(message, 'Fault cleared: ESTOP (auto-cleared 2 symptoms)');
    assert.deepEqual(robot.events[1].autoClearedCodes, ['DRIVE_1', 'DRIVE_2']);
    assert.equal(robot.events.length, 2);
    assert.deepEqual(codes(robot, 'CLEARED'), ['DRIVE_1', 'DRIVE_2', 'ESTOP']);

    for (const code of ['ESTOP', 'DRIVE_1']) await robot.fail({ code });
    await robot.manager.clear('ESTOP', { cascade: false });
    assert.deepEqual(codes(robot), ['DRIVE_1'], 'the symptom is shown again');
  });

  it('publishes the removal of a muted fault, and drops a root after its window by a timer', async () => {
    const robot = await robotFaults({
      rules: [CASCADE],
      configuration: { healing_enabled: true, healing_threshold: 0, 'correlation.cleanup_interval_sec': 0.5 },
    });
    await robot.fail({ code: 'ESTOP' });
    await robot.fail({ code: 'DRIVE_1' });
    await robot.pass({ code: 'DRIVE_1' });
    assert.deepEqual(
      robot.events.map(({ type, fault }) => `${type} ${fault.code}`),
      ['fault_confirmed ESTOP', 'fault_cleared DRIVE_1'],
    );
    robot.clock.advance(1500);
    await robot.fail({ code: 'DRIVE_2' });
    assert.deepEqual(codes(robot), ['DRIVE_2', 'ESTOP']);
  });

  it('writes the root cause with each event of a symptom, also when the symptom ends', async () => {
    const written: string[] = [];
    const recording = (storage: FaultStorage): FaultStorage => ({
      ...storage,
      save: (change) => {
        for (const { type, fault, cause } of change.events ?? []) written.push(`${type} ${fault.code} ${cause}`);
        return storage.save(change);
      },
    });
    const robot = await robotFaults({
      rules: [{ ...CASCADE, muteSymptoms: false }],
      configuration: { healing_enabled: true, healing_threshold: 0 },
      through: recording,
    });
    for (const code of ['ESTOP', 'DRIVE_1', 'DRIVE_2']) await robot.fail({ code });
    await robot.pass({ code: 'DRIVE_1' });
    await robot.manager.clear('DRIVE_2', { cascade: true });
    await robot.fail({ code: 'OTHER' });
    assert.deepEqual(written, [
      'fault_confirmed ESTOP undefined',
      'fault_confirmed DRIVE_1 ESTOP',
      'fault_confirmed DRIVE_2 ESTOP',
      'fault_cleared DRIVE_1 ESTOP',
      'fault_cleared DRIVE_2 ESTOP',
      'fault_confirmed OTHER undefined',
    ]);
  });
});

describe('queries', () => {
  it('L05, L07, L09, L31: list by status and severity, and the confirmed ones for unknown values', async () => {
    const robot = await robotFaults({ overrides: { '/slow': { confirmationThreshold: -3 } } });
    assert.deepEqual(codes(robot), []);
    await robot.fail({ code: 'B', severity: SEVERITY.INFO });
    await robot.fail({ code: 'A' });
    await robot.fail({ code: 'C', source: '/slow' });
    assert.deepEqual(codes(robot), ['A', 'B']);
    assert.deepEqual(codes(robot, 'INVALID_STATUS'), ['A', 'B']);
    assert.deepEqual(codes(robot, 'INVALID_STATUS', 'PREFAILED'), ['C']);
    assert.deepEqual(codes(robot, ...FAULT_STATUSES), ['A', 'B', 'C']);
    const errors = robot.manager.list({ severity: SEVERITY.ERROR }).faults;
    assert.deepEqual(
      errors.map(({ code }) => code),
      ['A'],
    );
  });

  it('P10, P11: one fault by its code, and those of an entity', async () => {
    const robot = await robotFaults();
    await robot.fail({ code: 'A', source: '/powertrain/motor_controller' });
    await robot.fail({ code: 'B', source: '/powertrain/motor_controller' });
    await robot.fail({ code: 'C', source: '/lidar' });
    const of = (entity: string) => robot.manager.list({ entity }).faults.map(({ code }) => code);
    assert.deepEqual([of('motor_controller'), of('camera')], [['A', 'B'], []]);
    assert.ok(robot.manager.get('A')!.firstOccurredNs > 0n);
    assert.equal(robot.manager.get('X'), undefined);
  });
});

describe('time and restarts', () => {
  it('4.11, L32: time confirms, publishes and captures', async () => {
    const robot = await robotFaults({ configuration: { confirmation_threshold: -3, auto_confirm_after_sec: 10 } });
    await robot.fail();
    await robot.clock.advanceAsync(9000, 1000);
    assert.equal(robot.manager.get('F1')?.status, 'PREFAILED');
    await robot.clock.advanceAsync(2000, 1000);
    assert.equal(robot.manager.get('F1')?.status, 'CONFIRMED');
    assert.deepEqual(announced(robot), [['fault_confirmed', 'CONFIRMED']]);
    assert.equal(robot.captures.length, 1);
  });

  it('L35, L37, 7: a new process finds all faults unchanged, and their time continues', async () => {
    const configuration = { confirmation_threshold: -3, auto_confirm_after_sec: 10 };
    const first = await robotFaults({ configuration });
    await first.fail({ description: 'a "quoted" text', source: "/a/b's" });
    await first.fail({ description: 'a later text', source: "/a/b's" });
    assert.equal(first.manager.get('F1')?.latestDescription, 'a later text');
    await first.fail({ code: 'F2', severity: SEVERITY.CRITICAL });
    await first.manager.stop();
    first.clock.advance(20_000);
    assert.equal(first.manager.get('F1')?.status, 'PREFAILED', 'a manager that is stopped does nothing');

    const second = await robotFaults({ configuration, store: first.store, clock: first.clock });
    assert.deepEqual(second.manager.get('F1'), first.manager.get('F1'));
    assert.deepEqual(second.manager.get('F2'), first.manager.get('F2'));
    await second.clock.advanceAsync(1000, 1000);
    assert.equal(second.manager.get('F1')?.status, 'CONFIRMED');
    assert.deepEqual(
      (await second.manager.eventsAfter(0, 10)).events.map(({ id, type, fault }) => [id, type, fault.code]),
      [
        [1, 'fault_confirmed', 'F2'],
        [2, 'fault_confirmed', 'F1'],
      ],
    );
    assert.deepEqual((await second.manager.eventsAfter(1, 10)).events, second.events);
  });

  it('reports lead to the same state with and without restarts', async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const random = seededRandom(seed);
      const configuration = { confirmation_threshold: -2, healing_enabled: true, healing_threshold: 2 };
      const steady = await robotFaults({ configuration });
      let restarted = await robotFaults({ configuration });
      for (let step = 0; step < 40; step += 1) {
        const [what, code] = [random.float(), random.float() < 0.5 ? 'A' : 'B'];
        const act = ({ manager, fail, pass }: RobotFaults) =>
          what < 0.45 ? fail({ code }) : what < 0.9 ? pass({ code }) : manager.clear(code, { cascade: true });
        await Promise.all([act(steady), act(restarted)]);
        for (const { clock } of [steady, restarted]) clock.advance(10);
        if (random.float() > 0.2) continue;
        await restarted.manager.stop();
        restarted = await robotFaults({ configuration, store: restarted.store, clock: restarted.clock });
      }
      for (const code of ['A', 'B']) {
        assert.deepEqual(restarted.manager.get(code), steady.manager.get(code), `seed ${seed}`);
        const [known, after] = [steady, restarted].map(({ manager }) => manager.nearMisses(code));
        assert.deepEqual(await after, await known, `seed ${seed}`);
      }
    }
  });

  it('L26, N12: a process without healing clears healed faults, unless a source may still heal', async () => {
    const first = await robotFaults({ configuration: { healing_enabled: true, healing_threshold: 1 } });
    for (const source of ['/a', '/b']) {
      const code = source === '/a' ? 'A' : 'B';
      await first.fail({ code, source });
      await first.pass({ code, source });
      await first.pass({ code, source });
      await first.fail({ code, source });
    }
    const { store, clock } = first;
    const second = await robotFaults({ store, clock, overrides: { '/b': { healingEnabled: true } } });
    assert.deepEqual([codes(second, 'CLEARED'), codes(second, 'HEALED')], [['A'], ['B']]);
    assert.deepEqual(announced(second), []);
    assert.equal((await second.manager.nearMisses('A')).length, 1);
  });

  it('warns that time overrides thresholds of entities', async () => {
    const robot = await robotFaults({ configuration: { auto_confirm_after_sec: 1 }, overrides: { '/a': {} } });
    assert.match(robot.notices[0].text, /^auto_confirm_after_sec confirms faults by time, regardless/);
  });

  it('publishes the notices of a write without a waiting caller', async () => {
    let broken = false;
    const robot = await robotFaults({
      configuration: { confirmation_threshold: -3, auto_confirm_after_sec: 1 },
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
    await robot.clock.advanceAsync(1000, 500);
    assert.deepEqual(robot.notices, [
      { level: 'error', text: 'faults confirmed by time could not be written: the disk is full' },
    ]);
    broken = false;
    await robot.clock.advanceAsync(1000, 500);
    assert.equal(robot.manager.get('F1')?.status, 'CONFIRMED');
  });

  it('delivers events to all listeners even if one throws', async () => {
    const robot = await robotFaults();
    robot.manager.onEvent(() => assert.fail('defect'));
    const late: string[] = [];
    const stop = robot.manager.onEvent(({ type }) => late.push(type));
    await robot.fail();
    stop();
    await robot.fail();
    assert.deepEqual(late, ['fault_confirmed']);
    assert.match(robot.notices[0].text, /a listener of fault events failed: defect/);
  });
});

describe('captures', () => {
  it('4.12: one a minute for each fault and source, and immediately after a clear', async () => {
    const robot = await robotFaults({ configuration: { healing_enabled: true, healing_threshold: 1 } });
    const { clock, captures } = robot;
    const recur = async () => {
      for (let report = 0; report < 2; report += 1) await robot.pass({ source: '/lidar' });
      for (let report = 0; report < 2; report += 1) await robot.fail({ source: '/lidar' });
    };
    await robot.fail({ source: '/lidar' });
    assert.deepEqual(captures, [
      { faultCode: 'F1', occurrence: 1, requestedAtNs: clock.wallNs(), sources: ['/lidar'] },
    ]);
    clock.advance(10_000);
    await recur();
    assert.equal(captures.length, 1);
    clock.advance(51_000);
    await recur();
    assert.equal(captures.length, 2);
    await robot.manager.clear('F1', { cascade: false });
    clock.advance(1000);
    await robot.fail();
    assert.equal(captures.length, 3);
  });

  it('do not happen if nothing is to be captured', async () => {
    const none = await robotFaults({ configuration: { 'snapshots.enabled': false } });
    const recording = await robotFaults({
      configuration: { 'snapshots.enabled': false, 'snapshots.rosbag.enabled': true },
    });
    for (const robot of [none, recording]) await robot.fail();
    assert.deepEqual([none.captures.length, recording.captures.length], [0, 1]);
  });
});
