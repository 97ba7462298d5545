import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FaultListItem } from '@medkit/contract';
import { protocolOf } from '@medkit/vda5050';
import { reportedFault } from '../faults/reported-fault.ts';
import { listed, symptomOf } from '../testing/faults.ts';
import { configOf, FEED } from '../testing/read-text.ts';
import { explainFault } from './explain-fault.ts';

function explained(item: FaultListItem, rules = '', version: '2.1.0' | '3.0.0' = '3.0.0') {
  const audience = { version, rules: configOf(FEED + rules).rules, publicUrl: 'http://robot' };
  return explainFault(reportedFault(item), audience, protocolOf(version));
}

describe('the explanation of a fault for a fleet', () => {
  it('has the error in the form of the version, and the rules that produce it', () => {
    for (const [version, level] of [
      ['2.1.0', 'FATAL'],
      ['3.0.0', 'CRITICAL'],
    ] as const) {
      const {
        sends,
        message,
        why: reasons,
      } = explained(listed('GOAL_ABORTED'), 'rules: [{ code: GOAL*, hint: Look }]\n', version);
      assert.equal(sends, 'error');
      const { errorType, errorLevel, errorHint } = message as Readonly<Record<string, unknown>>;
      assert.deepEqual([errorType, errorLevel, errorHint], ['GOAL_ABORTED', level, 'Look']);
      assert.deepEqual(reasons.slice(1), [
        '/robot/vda5050.yaml:5: the rule for code GOAL* sets hint "Look"',
        'default rules:13: the rule for code *_ABORTED sets level CRITICAL',
        'level CRITICAL',
      ]);
    }
  });

  it('has the information for a fault that is no error', () => {
    const { sends, message } = explained(listed('DOCKED', { severity: 0 }));
    assert.equal(sends, 'information');
    assert.equal((message as Readonly<Record<string, unknown>>).infoType, 'DOCKED');
  });

  it('has the reason why nothing is sent, and what would be', () => {
    const muted = { muted: { root_cause_code: 'STOP', rule_id: 'r', delay_ms: 1 } };
    for (const [item, rules, reason] of [
      [listed('A', { status: 'HEALED' }), '', /^it is HEALED: /],
      [listed('A', { 'x-medkit': symptomOf('STOP') }), '', /^it is a symptom of STOP/],
      [listed('A', { 'x-medkit': muted }), '', /^it is muted: STOP/],
    ] as const) {
      const explanation = explained(item, rules);
      assert.equal(explanation.sends, 'nothing');
      assert.match(explanation.why[0] ?? '', reason);
      assert.equal((explanation.message as Readonly<Record<string, unknown>>).errorType, 'A');
    }
    const { sends, why: reasons, message } = explained(listed('A'), 'rules: [{ send: no }]\n');
    assert.deepEqual([sends, message], ['nothing', undefined]);
    assert.equal(reasons.at(-1), 'a rule excludes it from the fleet');
  });
});
