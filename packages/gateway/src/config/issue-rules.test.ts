import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ConfigRefused } from './assignment.ts';
import type { FlatConfig } from './gateway-config.ts';
import { issueRules, validateIssueRules } from './issue-rules.ts';

const check = (entries: readonly string[]) =>
  validateIssueRules({ 'fleet.issue_rules': entries } as unknown as FlatConfig);

it('a rule of fleet.issue_rules has a name, a code and an entity', () => {
  assert.deepEqual(issueRules(['hot motors = MOTOR_*_HOT @ wheel*', 'lidar=* @ lidar', 'motors = MOTOR*']), [
    { as: 'hot motors', match: { code: 'MOTOR_*_HOT', entity: 'wheel*' } },
    { as: 'lidar', match: { entity: 'lidar' } },
    { as: 'motors', match: { code: 'MOTOR*' } },
  ]);
});

it('other entries and too many are refused with an example', () => {
  for (const entry of ['', 'motors', '= MOTOR*', 'motors =', 'motors = A B', 'motors = A @']) {
    assert.throws(() => check([entry]), ConfigRefused, entry);
  }
  const rules = Array.from({ length: 201 }, (_, index) => `r${index} = A`);
  assert.throws(() => check(rules), /201 entries: the maximum is 200/);
  assert.deepEqual(check(rules.slice(1)), []);
});
