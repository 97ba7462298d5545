import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TriedRules } from '@medkit/contract';
import { DEFAULT_FAULT_CONFIGURATION } from '@medkit/faults';
import { type PlainRules, rulesOf, TriedRuleRefused, triedRules } from './tried-rules.ts';

const IN_USE: PlainRules = {
  configuration: DEFAULT_FAULT_CONFIGURATION,
  overrides: new Map([
    ['/lidar', { confirmationThreshold: -5 }],
    ['/motor', { confirmationThreshold: -7 }],
  ]),
  correlationRules: [],
  sharedHealing: false,
  notifications: { receivers: [], settleMs: 500 },
};

describe('changed rules', () => {
  it('replace what they name, and leave the rest in use', () => {
    const { rules } = triedRules(IN_USE, {
      parameters: { confirmation_threshold: -2, healing_enabled: null },
      entity_thresholds: '/motor/: {healing_threshold: 9}',
      notifications: { settle_ms: 7 },
    });
    const { thresholds } = rulesOf(rules).faults;
    const of = (source: string) => thresholds.of(source).band;
    assert.deepEqual([of('/any').confirmationThreshold, of('/lidar/x').confirmationThreshold], [-2, -5]);
    assert.deepEqual([of('/motor').confirmationThreshold, of('/motor').healingThreshold], [-2, 9]);
    assert.equal(rules.notifications.settleMs, 7);
    assert.equal(rulesOf(triedRules(IN_USE, {}).rules).faults.thresholds.of('/motor').band.confirmationThreshold, -7);
  });

  it('without an enabled correlation rule cause a remark', () => {
    const { remarks } = triedRules(IN_USE, { correlation_rules: 'correlation:\n  rules: []\n' });
    assert.match(remarks.join(), /no enabled rule/);
  });

  for (const [body, expected] of [
    [{ parameters: { confirmation_threshold: 3 } }, /parameters\.confirmation_threshold.*3/],
    [{ parameters: { confirmation_treshold: -3 } }, /no confirmation_treshold.*Did you mean confirmation_threshold\?/],
    [{ entity_thresholds: '/a:\n  healing_threshold: often\n' }, /entity_thresholds:2.*whole number, not "often"/],
    [{ entity_thresholds: '/a: [' }, /entity_thresholds:1/],
    [{ entity_thresholds: '- a' }, /expected prefixes/],
    [{ correlation_rules: 'correlation:\n  enabled: true\n  rules:\n    - mode: sometimes\n' }, /correlation_rules:4/],
    [{ notifications: { receivers: { team: {} } } }, /no team to try/],
    [{ thresholds: {} }, /no thresholds to try/],
  ] as const) {
    it(`are refused with the place and the remedy: ${JSON.stringify(body)}`, () => {
      assert.throws(
        () => triedRules(IN_USE, body as TriedRules),
        (error) =>
          error instanceof TriedRuleRefused &&
          expected.test(error.message) &&
          !/not correlated|for all entities|has errors/.test(error.message),
      );
    });
  }
});
