import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FaultSeverity } from '@medkit/core';
import { SEVERITY } from '../fault/severity.ts';
import { type Correlation, correlation } from './correlation.ts';
import type { ClusterRule, HierarchicalRule } from './correlation-rule.ts';
import { MAX_PENDING_ROOTS } from './root-causes.ts';

const ESTOP: HierarchicalRule = {
  id: 'estop_cascade',
  name: 'E-Stop Cascade',
  mode: 'hierarchical',
  windowMs: 1000,
  rootCause: ['ESTOP_001'],
  symptoms: ['MOTOR_COMM_*', 'DRIVE_*'],
  muteSymptoms: true,
  autoClearWithRoot: true,
};

const STORM: ClusterRule = {
  id: 'comm_storm',
  name: 'Communication storm',
  mode: 'auto_cluster',
  windowMs: 500,
  match: ['*_COMM_*', '*_TIMEOUT'],
  minCount: 3,
  showAsSingle: true,
  representative: 'first',
};

/** Reports FAILED at a time in milliseconds. */
const fail = (engine: Correlation, ms: number, code: string, severity: FaultSeverity = SEVERITY.ERROR) =>
  engine.failed(code, severity, { monotonicMs: ms, wallNs: BigInt(ms) * 1_000_000n });

const muted = (engine: Correlation): readonly string[] => engine.mutedSymptoms().map(({ faultCode }) => faultCode);

describe('root causes', () => {
  it('12.6: an emergency stop explains what follows within its window', () => {
    const engine = correlation([ESTOP]);
    assert.equal(fail(engine, 0, 'ESTOP_001', SEVERITY.CRITICAL).isRootCause, true);
    assert.deepEqual(fail(engine, 1, 'MOTOR_COMM_FL'), {
      muted: true,
      isRootCause: false,
      symptom: { faultCode: 'MOTOR_COMM_FL', rootCauseCode: 'ESTOP_001', ruleId: 'estop_cascade', delayMs: 1 },
    });
    assert.equal(engine.mutedSymptoms().length, 1);
    fail(engine, 2, 'MOTOR_COMM_FR');
    fail(engine, 3, 'DRIVE_FAULT');
    assert.equal(engine.mutedSymptoms().length, 3);
    assert.deepEqual(fail(engine, 4, 'SENSOR_TIMEOUT'), { muted: false, isRootCause: false });
    assert.equal(fail(engine, 1000, 'MOTOR_COMM_RL').symptom?.delayMs, 1000);
    assert.equal(fail(engine, 1500, 'MOTOR_COMM_RR').muted, false);
    assert.deepEqual(engine.cleared('ESTOP_001'), ['MOTOR_COMM_FL', 'MOTOR_COMM_FR', 'DRIVE_FAULT', 'MOTOR_COMM_RL']);
    assert.deepEqual(engine.mutedSymptoms(), []);
  });

  it('a rule without muting still explains a fault until that heals', () => {
    const engine = correlation([{ ...ESTOP, muteSymptoms: false }]);
    fail(engine, 0, 'ESTOP_001');
    assert.equal(fail(engine, 40, 'DRIVE_FAULT').muted, false);
    assert.deepEqual(engine.symptomOf('DRIVE_FAULT'), {
      faultCode: 'DRIVE_FAULT',
      rootCauseCode: 'ESTOP_001',
      ruleId: 'estop_cascade',
      delayMs: 40,
    });
    assert.deepEqual([engine.symptomOf('ESTOP_001'), engine.mutedSymptoms()], [undefined, []]);
    engine.healed('DRIVE_FAULT');
    assert.equal(engine.symptomOf('DRIVE_FAULT'), undefined);
  });

  it('K06, K07, K08: the root is shown, its symptoms are not', () => {
    const engine = correlation([ESTOP]);
    assert.equal(fail(engine, 0, 'ESTOP_001').muted, false);
    for (const code of ['MOTOR_COMM_1', 'MOTOR_COMM_2', 'DRIVE_3']) assert.ok(fail(engine, 5, code).muted);
    assert.equal(engine.mutedSymptoms().length, 3);
  });

  it('K09, K10, K12: a fault before the root, after its window or without a rule is no symptom', () => {
    const engine = correlation([ESTOP]);
    assert.equal(fail(engine, 0, 'MOTOR_COMM_FL').muted, false);
    fail(engine, 1, 'ESTOP_001');
    assert.equal(fail(engine, 2, 'OTHER').muted, false);
    assert.equal(fail(engine, 1002, 'MOTOR_COMM_FR').muted, false);
  });

  it('K11: clearing the root returns its symptoms, unless the rule keeps them', () => {
    const engine = correlation([ESTOP]);
    const keeping = correlation([{ ...ESTOP, autoClearWithRoot: false }]);
    for (const each of [engine, keeping]) {
      fail(each, 0, 'ESTOP_001');
      fail(each, 1, 'MOTOR_COMM_FL');
      fail(each, 2, 'DRIVE_1');
    }
    assert.deepEqual(engine.cleared('ESTOP_001'), ['MOTOR_COMM_FL', 'DRIVE_1']);
    assert.deepEqual(keeping.cleared('ESTOP_001'), []);
    assert.deepEqual([muted(engine), muted(keeping)], [[], []]);
  });

  it('clears symptoms with their root even after its window', () => {
    const engine = correlation([ESTOP]);
    fail(engine, 0, 'ESTOP_001');
    fail(engine, 1, 'DRIVE_1');
    engine.expire(60_000);
    assert.deepEqual(engine.cleared('ESTOP_001'), ['DRIVE_1']);
  });

  it('K14: a symptom that is reported again counts once', () => {
    const engine = correlation([ESTOP]);
    fail(engine, 0, 'ESTOP_001');
    fail(engine, 1, 'DRIVE_1');
    fail(engine, 2, 'DRIVE_1');
    assert.deepEqual(engine.cleared('ESTOP_001'), ['DRIVE_1']);
  });

  it('remembers the symptoms of a root that is reported again, and restarts its window', () => {
    const engine = correlation([ESTOP]);
    fail(engine, 0, 'ESTOP_001');
    fail(engine, 1, 'DRIVE_1');
    fail(engine, 900, 'ESTOP_001');
    assert.ok(fail(engine, 1800, 'DRIVE_2').muted);
    assert.deepEqual(engine.cleared('ESTOP_001'), ['DRIVE_1', 'DRIVE_2']);
  });

  it('takes the first of several root causes as the cause while it is active', () => {
    const engine = correlation([{ ...ESTOP, rootCause: ['ESTOP_*'] }]);
    const root = (ms: number) => fail(engine, ms, 'DRIVE_1').symptom?.rootCauseCode;
    fail(engine, 0, 'ESTOP_A');
    fail(engine, 500, 'ESTOP_B');
    fail(engine, 900, 'ESTOP_A');
    assert.deepEqual([root(1000), root(1600)], ['ESTOP_A', 'ESTOP_A']);
    fail(engine, 1700, 'ESTOP_B');
    assert.equal(root(2000), 'ESTOP_B');
  });

  it('limits the number of root causes it tracks', () => {
    const engine = correlation([{ ...ESTOP, rootCause: ['ESTOP_*'] }]);
    for (let index = 0; index <= MAX_PENDING_ROOTS; index += 1) fail(engine, 0, `ESTOP_${index}`);
    assert.equal(fail(engine, 1, 'DRIVE_1').symptom?.rootCauseCode, 'ESTOP_1');
  });

  it('retains the root cause of one source while another source reports as many as it can', () => {
    const engine = correlation([{ ...ESTOP, rootCause: ['ESTOP_*'] }]);
    const now = { monotonicMs: 0, wallNs: 0n };
    engine.failed('ESTOP_REAL', SEVERITY.ERROR, now, '/safety');
    for (let index = 0; index < 2 * MAX_PENDING_ROOTS; index += 1)
      engine.failed(`ESTOP_${index}`, SEVERITY.ERROR, now, '/flood');
    assert.equal(fail(engine, 1, 'DRIVE_1').symptom?.rootCauseCode, 'ESTOP_REAL');
  });

  it('does not mute a root by its symptoms', () => {
    const engine = correlation([{ ...ESTOP, rootCause: ['DRIVE_STOP'] }]);
    fail(engine, 0, 'DRIVE_STOP');
    assert.deepEqual(fail(engine, 1, 'DRIVE_STOP'), { muted: false, isRootCause: true });
  });

  it('keeps a symptom muted that is reported again after the window', () => {
    const engine = correlation([ESTOP]);
    fail(engine, 0, 'ESTOP_001');
    fail(engine, 1, 'DRIVE_1');
    assert.equal(fail(engine, 5000, 'DRIVE_1').muted, true);
  });

  it('leaves symptoms visible if the rule does not mute, and still clears them', () => {
    const engine = correlation([{ ...ESTOP, muteSymptoms: false }]);
    fail(engine, 0, 'ESTOP_001');
    assert.equal(fail(engine, 1, 'DRIVE_1').muted, false);
    assert.deepEqual(engine.cleared('ESTOP_001'), ['DRIVE_1']);
  });

  it('shows symptoms again when their root healed, and drops a symptom that healed or was cleared', () => {
    const engine = correlation([ESTOP]);
    fail(engine, 0, 'ESTOP_001');
    for (const code of ['DRIVE_1', 'DRIVE_2', 'DRIVE_3']) fail(engine, 1, code);
    engine.healed('DRIVE_1');
    engine.cleared('DRIVE_2');
    assert.deepEqual(muted(engine), ['DRIVE_3']);
    engine.healed('ESTOP_001');
    assert.deepEqual(muted(engine), []);
    assert.deepEqual(engine.cleared('ESTOP_001'), ['DRIVE_3']);
  });

  it('still explains a fault whose root healed and returned', () => {
    const engine = correlation([ESTOP]);
    fail(engine, 0, 'ESTOP_001');
    fail(engine, 40, 'DRIVE_1');
    engine.healed('ESTOP_001');
    const symptom = { faultCode: 'DRIVE_1', rootCauseCode: 'ESTOP_001', ruleId: 'estop_cascade', delayMs: 40 };
    assert.deepEqual([engine.symptomOf('DRIVE_1'), engine.isMuted('DRIVE_1')], [symptom, false]);
    fail(engine, 9000, 'ESTOP_001');
    assert.deepEqual(engine.symptomOf('DRIVE_1'), symptom);
  });

  it('explains by a root that healed within its window', () => {
    const engine = correlation([ESTOP]);
    fail(engine, 0, 'ESTOP_001');
    engine.healed('ESTOP_001');
    fail(engine, 40, 'DRIVE_1');
    assert.equal(engine.symptomOf('DRIVE_1')?.rootCauseCode, 'ESTOP_001');
  });

  it('name the end of the chain of explanations', () => {
    const power = { ...ESTOP, id: 'power', rootCause: ['POWER'], symptoms: ['ESTOP_*'] };
    const engine = correlation([ESTOP, power]);
    fail(engine, 0, 'ESTOP_001');
    fail(engine, 1, 'DRIVE_1');
    assert.deepEqual([engine.rootOf('DRIVE_1'), engine.rootOf('ESTOP_001')], ['ESTOP_001', undefined]);
    fail(engine, 2, 'POWER');
    fail(engine, 3, 'ESTOP_001');
    assert.deepEqual(['DRIVE_1', 'ESTOP_001', 'POWER'].map(engine.rootOf), ['POWER', 'POWER', undefined]);
    engine.cleared('POWER');
    assert.equal(engine.rootOf('DRIVE_1'), 'ESTOP_001');
  });

  it('end the chain of faults that explain each other', () => {
    const both = (id: string, rootCause: string, symptom: string) => ({
      ...ESTOP,
      ...{ id, rootCause: [rootCause], symptoms: [symptom] },
    });
    const engine = correlation([both('one', 'A', 'B'), both('other', 'B', 'A')]);
    for (const [at, code] of ['A', 'B', 'A', 'B'].entries()) fail(engine, at, code);
    assert.equal(engine.rootOf('B'), 'A');
  });

  it('K18: starts empty, and knows no unseen codes', () => {
    const engine = correlation([ESTOP, STORM]);
    assert.deepEqual([engine.mutedSymptoms(), engine.clusters(), engine.cleared('X')], [[], [], []]);
  });
});

describe('clusters', () => {
  const codes = ['MOTOR_COMM_FL', 'SENSOR_TIMEOUT', 'DRIVE_COMM_ERROR'];

  function storm(rule: Partial<ClusterRule> = {}, severities: readonly FaultSeverity[] = [1, 3, 2]): Correlation {
    const engine = correlation([{ ...STORM, ...rule }]);
    codes.forEach((code, index) => {
      fail(engine, index * 100, code, severities[index]);
    });
    return engine;
  }

  it('12.6, K15: the third distinct code within the window creates a cluster, and is muted', () => {
    const engine = correlation([STORM]);
    assert.equal(fail(engine, 0, codes[0]).muted, false);
    assert.equal(fail(engine, 100, codes[1]).muted, false);
    assert.deepEqual(engine.clusters(), []);
    const third = fail(engine, 200, codes[2]);
    assert.deepEqual([third.muted, third.clustered?.clusterId], [true, 'comm_storm_1']);
    assert.deepEqual(engine.clusters(), [
      {
        id: 'comm_storm_1',
        ruleId: 'comm_storm',
        ruleName: 'Communication storm',
        representativeCode: codes[0],
        representativeSeverity: SEVERITY.ERROR,
        faultCodes: codes,
        firstAtNs: 0n,
        lastAtNs: 200_000_000n,
      },
    ]);
  });

  it('12.6: a third that comes too late starts a new cluster', () => {
    const engine = correlation([STORM]);
    for (const [ms, code] of [
      [0, codes[0]],
      [100, codes[1]],
      [600, codes[2]],
    ] as const)
      fail(engine, ms, code);
    assert.deepEqual(engine.clusters(), []);
  });

  for (const [representative, code] of [
    ['first', codes[0]],
    ['most_recent', codes[2]],
    ['highest_severity', codes[1]],
  ] as const) {
    it(`K15: ${representative} represents the cluster`, () => {
      assert.equal(storm({ representative }).clusters()[0].representativeCode, code);
    });
  }

  it('K19: names the members that are muted after the event', () => {
    const engine = correlation([STORM]);
    fail(engine, 0, codes[0]);
    fail(engine, 1, codes[1]);
    assert.deepEqual(fail(engine, 2, codes[2]).clustered?.mutedSince, [codes[1]]);
    assert.deepEqual(fail(engine, 3, codes[2]), {
      muted: true,
      isRootCause: false,
      clustered: { clusterId: 'comm_storm_1', mutedSince: [] },
    });
  });

  it('shows all members if the rule says so', () => {
    const engine = storm({ showAsSingle: false });
    assert.deepEqual(
      codes.map((code) => engine.isMuted(code)),
      [false, false, false],
    );
  });

  it('K16: a fault that joined no cluster in time is free for another; a cluster remains', () => {
    const engine = correlation([STORM]);
    fail(engine, 0, codes[0]);
    fail(engine, 1, codes[1]);
    engine.expire(600);
    codes.forEach((code, index) => {
      fail(engine, 700 + index, code);
    });
    engine.expire(60_000);
    assert.deepEqual(engine.clusters()[0].faultCodes, codes);
    engine.cleared(codes[0]);
    assert.equal(engine.clusters()[0].faultCodes.length, 2);
  });

  it('K17: works together with root causes', () => {
    const engine = correlation([ESTOP, { ...STORM, match: ['NET_*'] }]);
    fail(engine, 0, 'ESTOP_001');
    fail(engine, 1, 'DRIVE_1');
    for (const code of ['NET_1', 'NET_2', 'NET_3']) fail(engine, 2, code);
    assert.deepEqual([engine.mutedSymptoms().length, engine.clusters().length], [1, 1]);
  });

  it('removes members that are cleared as symptoms of a root cause', () => {
    const engine = correlation([ESTOP, { ...STORM, match: ['DRIVE_*'] }]);
    const drives = ['DRIVE_1', 'DRIVE_2', 'DRIVE_3'];
    for (const code of drives) fail(engine, 0, code);
    for (const code of ['ESTOP_001', ...drives]) fail(engine, 1, code);
    assert.deepEqual([engine.cleared('ESTOP_001'), engine.clusters()], [drives, []]);
  });

  it('K20: a cleared code no longer counts', () => {
    const engine = correlation([STORM]);
    fail(engine, 0, codes[0]);
    fail(engine, 1, codes[1]);
    engine.cleared(codes[0]);
    fail(engine, 2, codes[2]);
    assert.deepEqual(engine.clusters(), []);
    fail(engine, 3, 'ARM_TIMEOUT');
    assert.equal(engine.clusters()[0].representativeCode, codes[1]);
    for (const code of [codes[1], codes[2], 'ARM_TIMEOUT']) engine.cleared(code);
    assert.deepEqual(engine.clusters(), []);
    fail(engine, 4, codes[0]);
    assert.deepEqual(engine.clusters(), []);
  });

  it('12.6, K21: another member represents the cluster when the representative is cleared', () => {
    const recent = storm({ representative: 'most_recent' });
    recent.cleared(codes[2]);
    assert.equal(recent.clusters()[0].representativeCode, codes[1]);
    const worst = storm({ representative: 'highest_severity' });
    worst.cleared(codes[1]);
    assert.deepEqual(
      [worst.clusters()[0].representativeCode, worst.clusters()[0].representativeSeverity],
      [codes[2], SEVERITY.ERROR],
    );
    const tie = storm({ representative: 'highest_severity' }, [2, 2, 1]);
    assert.equal(tie.clusters()[0].representativeCode, codes[0]);
    const late = storm();
    late.expire(60_000);
    late.cleared(codes[0]);
    assert.equal(late.clusters()[0].representativeCode, codes[1]);
  });

  it('counts a member that is reported again once', () => {
    const engine = storm();
    for (let ms = 1000; ms < 5000; ms += 100) for (const code of codes) fail(engine, ms, code);
    assert.equal(engine.clusters().length, 1);
    assert.equal(engine.isMuted(codes[0]), false);
  });

  it('counts each cluster of a rule', () => {
    const engine = storm();
    for (const code of codes) engine.healed(code);
    codes.forEach((code, index) => {
      fail(engine, 9000 + index, code);
    });
    assert.equal(engine.clusters()[0].id, 'comm_storm_2');
  });

  it('creates a cluster of one fault if one is enough', () => {
    const engine = correlation([{ ...STORM, minCount: 1 }]);
    assert.deepEqual(fail(engine, 0, codes[0]).clustered, { clusterId: 'comm_storm_1', mutedSince: [] });
  });
});
