import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explainAcross, type OpenFault } from './explain-across.ts';
import { readCorrelationRules } from './read-correlation-rules.ts';

const RULES = `correlation:
  enabled: true
  rules:
    - id: cell_stop
      root_cause: { codes: [ESTOP], origins: [base] }
      symptoms: [ { codes: ["GRIPPER_*"], origins: ["arm*"] }, { codes: [IDLE] } ]
      window_ms: 1000
    - id: network
      mode: auto_cluster
      match: [ { codes: [LINK_LOST], origins: ["*"] } ]
      min_count: 2
    - id: own
      root_cause: { codes: [POWER] }
      symptoms: [ { codes: [MOTOR] } ]
`;
const { rules, acrossOrigins, notices } = readCorrelationRules(RULES, 'rules.yaml');

const open = (origin: string, code: string, sinceMs: number, uncertaintyMs = 0): OpenFault => ({
  origin,
  code,
  severity: 2,
  sinceMs,
  uncertaintyMs,
});
const explain = (...faults: readonly OpenFault[]) => explainAcross(acrossOrigins, faults);

describe('rules over the faults of several gateways', () => {
  it('are those that name the gateway of a fault; all others apply to local faults', () => {
    assert.deepEqual(notices, []);
    assert.deepEqual(
      [rules, acrossOrigins].map((each) => each.map(({ id }) => id)),
      [['own'], ['cell_stop', 'network']],
    );
  });

  it('explain a fault of one gateway by that of another, and no other fault by it', () => {
    const root = open('base', 'ESTOP', 0);
    const symptoms = [open('arm', 'GRIPPER_JAM', 300), open('arm2', 'GRIPPER_COLD', 1000), open('local', 'IDLE', 5)];
    const others = [open('yard', 'GRIPPER_JAM', 10), open('arm', 'IDLE', 10), open('arm', 'ESTOP', 0)];
    const explanation = explain(...others, ...symptoms.toReversed(), root);
    assert.deepEqual(
      symptoms.map((fault) => explanation.symptomOf(fault)),
      [300, 1000, 5].map((delayMs) => ({ root, ruleId: 'cell_stop', delayMs })),
    );
    assert.ok(symptoms.every(explanation.isMuted));
    for (const fault of [...others, root])
      assert.deepEqual([explanation.symptomOf(fault), explanation.isMuted(fault)], [undefined, false]);
  });

  it('explain nothing before the root cause or after the window, except for the uncertainty of the clocks', () => {
    const isExplained = (rootUncertaintyMs: number, sinceMs: number, uncertaintyMs: number) => {
      const fault = open('arm', 'GRIPPER_JAM', sinceMs, uncertaintyMs);
      return explain(open('base', 'ESTOP', 0, rootUncertaintyMs), fault).isMuted(fault);
    };
    assert.deepEqual([isExplained(0, -1, 0), isExplained(0, 1001, 0)], [false, false]);
    assert.deepEqual([isExplained(2, -4, 3), isExplained(2, 1004, 3)], [true, true]);
    assert.deepEqual([isExplained(2, -6, 3), isExplained(2, 1007, 3)], [false, false]);
  });

  it('merge the same fault of several gateways into one event with one representative', () => {
    const [first, second] = [open('arm', 'LINK_LOST', 0), open('yard', 'LINK_LOST', 400)];
    assert.deepEqual(explain(first).clusters, []);
    const explanation = explain(second, first);
    const [cluster] = explanation.clusters;
    assert.deepEqual(
      [cluster?.ruleId, cluster?.representative, cluster?.members, cluster?.faultCodes],
      ['network', first, [first, second], ['LINK_LOST', 'LINK_LOST']],
    );
    assert.deepEqual([explanation.isMuted(first), explanation.isMuted(second)], [false, true]);
  });
});
