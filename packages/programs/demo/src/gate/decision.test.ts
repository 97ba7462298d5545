import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '@medkit/edges';
import type { Velocity } from '../robot/drive.ts';
import { closedGate, decide, type GateDecision, type GateInputs } from './decision.ts';
import { frontReader } from './front-range.ts';
import { GATE_SETTINGS, type GateSettings } from './gate-settings.ts';

/** Settings of the tables below. */
const SETTINGS: GateSettings = { ...GATE_SETTINGS, scanTimeoutMs: 300 };

const FORWARD: Velocity = { linearMps: 0.6, angularRps: 0.3 };
const SCAN_MS = 100;
const CYCLE_MS = 10;

/** A gate with a scanner and a navigation that publish until a test stops them. */
function gate() {
  let nowMs = 1000;
  let decision = closedGate(nowMs);
  let scan: GateInputs['scan'];
  let wanted: GateInputs['wanted'];
  const world = { nearestM: 3, usable: true, scans: true, speaks: true, wants: FORWARD };
  const look = () => {
    scan = { front: { usable: world.usable, nearestM: world.nearestM }, arrivedMs: nowMs };
  };
  const cycle = () => {
    decision = decide(decision, { nowMs, scan, wanted }, SETTINGS);
    return decision;
  };
  /** Advances the time and returns all decisions. */
  const run = (ms: number, change: Partial<typeof world> = {}): readonly GateDecision[] => {
    Object.assign(world, change);
    return Array.from({ length: ms / CYCLE_MS }, () => {
      nowMs += CYCLE_MS;
      if (world.scans && nowMs % SCAN_MS === 0) look();
      if (world.speaks && nowMs % SCAN_MS === 0) wanted = { velocity: world.wants, arrivedMs: nowMs };
      return cycle();
    });
  };
  return {
    run,
    cycle,
    look,
    last: () => decision,
    /** Advances the time without decisions of the gate. */
    stand: (ms: number) => {
      nowMs += ms;
    },
    ask: (velocity: Velocity) => {
      wanted = { velocity, arrivedMs: nowMs };
      return cycle();
    },
    receiveScan: (arrivedMs: number) => {
      scan = { front: { usable: true, nearestM: 3 }, arrivedMs };
      return cycle();
    },
    now: () => nowMs,
  };
}

const driving = () => {
  const made = gate();
  made.run(1000);
  assert.deepEqual([made.last().reason, made.last().commanded], ['clear', FORWARD]);
  return made;
};

/** Returns how long the robot was held, until the last decision. */
const heldMs = (decisions: readonly GateDecision[]) =>
  decisions.filter(({ commanded }) => commanded.linearMps === 0).length * CYCLE_MS;

test('a gate without a scan stops the robot, and reports a fault only once the first scan is late', () => {
  const { run } = gate();
  const decisions = run(31_000, { scans: false });
  assert.ok(
    decisions.every(
      ({ commanded, reason, fault }) =>
        !commanded.linearMps && !commanded.angularRps && reason === 'no-scan' && fault === 'untested',
    ),
  );
  assert.equal(decisions.find(({ scanFault }) => scanFault === 'failed')?.decidedMs, 1000 + 30_010);
});

test('the gate opens when scans have shown a free path for the release time', () => {
  const { run, last } = gate();
  assert.equal(heldMs(run(1000)), 290, 'the first scan after 100 ms, the one that opens 200 ms later');
  assert.deepEqual([last().fault, last().scanFault, last().stopped, last().minRangeM], ['passed', 'passed', false, 3]);
});

test('a person in front stops the robot at the next scan, and the robot may still turn and back away', () => {
  const { run, last, ask } = driving();
  const [held] = run(200, { nearestM: 0.79 }).filter(({ stopped }) => stopped);
  assert.deepEqual([held.reason, held.fault, held.scanFault, held.minRangeM], ['obstacle', 'failed', 'passed', 0.79]);
  assert.deepEqual(held.commanded, { linearMps: 0, angularRps: 0.3 });
  const back = { linearMps: -0.2, angularRps: -1 };
  assert.deepEqual([ask(back).commanded, last().reason], [back, 'obstacle']);
});

test('the robot stays held until everything is farther than the threshold plus a margin, for the release time', () => {
  const { run, last } = driving();
  run(500, { nearestM: 0.4 });
  run(1000, { nearestM: 0.82 });
  assert.deepEqual([last().reason, last().fault, last().stopped], ['obstacle', 'failed', true]);
  run(100, { nearestM: 0.9 });
  run(100, { nearestM: 0.82 });
  const opening = run(1000, { nearestM: 0.9 });
  assert.equal(heldMs(opening), 290, 'a scan in between begins the time anew');
  assert.deepEqual([last().reason, last().fault, last().stopped], ['clear', 'passed', false]);
});

test('after a stop for an obstacle, the release distance has a margin, whatever happened in between', () => {
  const { run, last } = driving();
  const turn = { linearMps: 0, angularRps: 1 };
  run(500, { nearestM: 0.4, wants: turn });
  run(500, { nearestM: 0.82 });
  assert.deepEqual([last().reason, last().fault], ['obstacle', 'passed']);
  run(500, { nearestM: 0.4, wants: FORWARD });
  run(500, { scans: false });
  run(500, { scans: true, nearestM: 0.82 });
  assert.deepEqual([last().reason, last().fault], ['obstacle', 'failed']);
  run(500, { nearestM: 0.9 });
  run(500, { scans: false });
  run(500, { scans: true, nearestM: 0.82 });
  assert.equal(last().reason, 'clear');
});

test('an obstacle next to which the robot only turns does not stop it, and is no fault', () => {
  const { run, last } = driving();
  const turn = { linearMps: 0, angularRps: 1 };
  run(500, { nearestM: 0.5, wants: turn });
  assert.deepEqual([last().reason, last().fault, last().commanded], ['obstacle', 'passed', turn]);
  run(200, { wants: FORWARD });
  assert.equal(last().fault, 'failed');
  run(500, { wants: turn });
  assert.equal(last().fault, 'failed', 'it is there as long as the obstacle');
});

test('a scan that is older than the timeout stops all motion, and the obstacle fault stays unchanged', () => {
  const { run, last } = driving();
  const silent = run(1000, { scans: false });
  const stops = silent.find(({ stopped }) => stopped);
  assert.equal((stops?.decidedMs ?? 0) - (stops?.scanMs ?? 0), 310, 'at the first cycle after the timeout');
  assert.deepEqual([stops?.commanded.linearMps, stops?.commanded.angularRps], [0, 0]);
  assert.deepEqual([last().reason, last().fault, last().scanFault], ['scan-stale', 'passed', 'failed']);
  assert.equal(heldMs(run(1000, { scans: true })), 290);

  run(500, { nearestM: 0.4 });
  run(500, { scans: false });
  assert.deepEqual([last().reason, last().fault, last().scanFault], ['scan-stale', 'failed', 'failed']);
  run(200, { scans: true });
  assert.deepEqual([last().reason, last().fault, last().scanFault], ['obstacle', 'failed', 'passed']);
  run(500, { nearestM: 3 });
  assert.deepEqual([last().reason, last().fault, last().scanFault], ['clear', 'passed', 'passed']);
});

test('a scan without a value in front stops all motion', () => {
  const { run, last } = driving();
  run(200, { usable: false, nearestM: Number.NaN });
  assert.deepEqual([last().reason, last().scanFault, last().commanded.angularRps], ['scan-unusable', 'failed', 0]);
});

test('a velocity command that is older than its timeout, or is no number, moves nothing', () => {
  const { run, last, ask } = driving();
  run(500, { speaks: false });
  assert.equal(last().reason, 'clear');
  run(CYCLE_MS);
  assert.deepEqual([last().reason, last().stopped, last().fault], ['wanted-stale', true, 'passed']);
  assert.deepEqual(last().commanded, { linearMps: 0, angularRps: 0 });
  assert.deepEqual(ask(FORWARD).commanded, FORWARD, 'it goes on at once');
  for (const none of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    assert.deepEqual(ask({ linearMps: none, angularRps: 1 }).commanded, { linearMps: 0, angularRps: 0 });
    assert.deepEqual(ask({ linearMps: 0.5, angularRps: none }).commanded, { linearMps: 0, angularRps: 0 });
  }
});

test('a scan from the future is stale, and so is every scan after the clock was set back', () => {
  const { receiveScan, now, stand, look, cycle } = driving();
  assert.equal(receiveScan(now() + 1).reason, 'scan-stale');
  assert.equal(receiveScan(Number.NaN).reason, 'scan-stale');
  const back = driving();
  back.stand(-5000);
  back.look();
  assert.deepEqual([back.cycle().reason, back.last().open], ['scan-stale', false]);
  stand(20);
  look();
  assert.equal(cycle().open, false);
});

test('a gate whose process was stopped does not open on scans that were queued meanwhile', () => {
  const { stand, look, cycle, run, last } = driving();
  stand(5000);
  // Queued messages arrive before the next cycle, or partly between cycles, and all appear new.
  for (let queued = 0; queued < 50; queued += 1) look();
  assert.deepEqual([cycle().reason, last().commanded.linearMps, last().scanFault], ['scan-stale', 0, 'failed']);
  for (let queued = 0; queued < 5; queued += 1) {
    stand(CYCLE_MS);
    look();
    assert.equal(cycle().commanded.linearMps, 0);
  }
  assert.equal(heldMs(run(2000, { scans: false })), 2000);
  assert.ok(heldMs(run(1000, { scans: true })) < 400, 'with real scans it goes on');
});

test('scans with a long gap between them do not open the gate, even if each is new on arrival', () => {
  const { run, look, stand, cycle } = driving();
  run(400, { scans: false });
  for (let scan = 0; scan < 10; scan += 1) {
    stand(290);
    assert.equal(cycle().open, false);
    stand(20);
    look();
    assert.equal(cycle().open, false);
  }
});

test('in any sequence of scans, the robot moves forward only if a fresh scan shows a free path', () => {
  const random = seededRandom(11);
  const pick = <T>(...values: readonly T[]): T => values[Math.floor(random.float() * values.length)];
  const { NaN: none, POSITIVE_INFINITY: inf } = Number;
  const range = (near: number) => (random.float() < near ? 0.1 + random.float() * 0.7 : 0.9 + random.float() * 5);
  const read = frontReader(GATE_SETTINGS);
  let nowMs = 0;
  let decision = closedGate(nowMs);
  let inputs: GateInputs = { nowMs, scan: undefined, wanted: undefined };
  let nearest: number | undefined;
  const seen = { moved: 0, closed: 0 };
  for (let round = 0; round < 30_000; round += 1) {
    nowMs += random.float() < 0.01 ? random.float() * 2000 : random.float() * 20;
    if (random.float() < 0.3) {
      const near = pick(0, 0, 0, 0, 0, 0.02);
      const odd = pick(0, 0, 0, 0, 0.05, 1);
      const ranges = Float32Array.from({ length: 360 }, () =>
        random.float() < odd ? pick(none, inf, -1, 0, 0.01, 99) : range(near),
      );
      const angle_min = pick(-Math.PI, -Math.PI, -Math.PI, 0, none);
      const angle_increment = random.float() < 0.98 ? Math.PI / 180 : pick(0, none, inf);
      const front = read({ angle_min, angle_increment, range_min: 0.05, range_max: 12, ranges });
      // Equivalent calculation by angle, without a ray table.
      const rays = [...ranges].filter(
        (_, ray) => Math.cos(angle_min + ray * angle_increment) >= Math.cos(GATE_SETTINGS.frontRad),
      );
      const returns = rays.filter((value) => value >= 0.05);
      nearest = returns.length > 0 && angle_increment === Math.PI / 180 ? Math.min(...returns) : undefined;
      const arrivedMs = random.float() < 0.03 ? nowMs + random.float() * 1000 - 800 : nowMs;
      inputs = { ...inputs, scan: { front, arrivedMs } };
    }
    if (random.float() < 0.3) {
      const velocity = { linearMps: pick(0.8, 0.5, 0.2, 0, -0.3, none, inf), angularRps: pick(0, 1, -1, none) };
      inputs = { ...inputs, wanted: { velocity, arrivedMs: nowMs } };
    }
    decision = decide(decision, { ...inputs, nowMs }, SETTINGS);
    const scanAgeMs = nowMs - (inputs.scan?.arrivedMs ?? none);
    const wantedAgeMs = nowMs - (inputs.wanted?.arrivedMs ?? none);
    const known = scanAgeMs >= 0 && scanAgeMs <= SETTINGS.scanTimeoutMs && nearest !== undefined;
    const { linearMps, angularRps } = decision.commanded;
    assert.ok(Number.isFinite(linearMps) && Number.isFinite(angularRps));
    if (!known || !(wantedAgeMs <= 500)) {
      seen.closed += 1;
      assert.deepEqual([linearMps, angularRps], [0, 0], `round ${round}`);
    } else if ((nearest ?? 0) < 0.8) assert.ok(linearMps <= 0, `round ${round}: ${nearest}`);
    if (linearMps > 0) seen.moved += 1;
  }
  assert.ok(seen.moved > 300 && seen.closed > 300, JSON.stringify(seen));
});
