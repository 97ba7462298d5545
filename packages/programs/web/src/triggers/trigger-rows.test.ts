import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AppFaultTrigger, Trigger } from '@medkit/contract';
import { matchingRules, matchingTriggers, stateOfRule, stateOfTrigger } from './trigger-rows.ts';

const trigger = (id: string, about: Partial<Trigger['x-medkit'] & object> = {}, status = 'active'): Trigger => ({
  id,
  status: status as 'active',
  observed_resource: '/api/v1/apps/battery_monitor/data/rear%2Fvoltage',
  event_source: `/api/v1/apps/battery_monitor/triggers/${id}/events`,
  protocol: 'sse',
  trigger_condition: { condition_type: 'OnChange' },
  multishot: true,
  persistent: true,
  'x-medkit': { fired_total: 0, ...about },
});

describe('the list of triggers', () => {
  it('is filtered by state', () => {
    const all = [trigger('a'), trigger('b', { problem: 'No value' }), trigger('c', { problem: 'old' }, 'terminated')];
    assert.deepEqual(all.map(stateOfTrigger), ['active', 'problem', 'ended']);
    assert.deepEqual(matchingTriggers(all, '', 'problem'), [all[1]]);
    assert.equal(matchingTriggers(all, '', '').length, 3);
  });

  it('is filtered by words of the entity, the resource and the webhook', () => {
    const all = [trigger('trig_1'), trigger('trig_2', { webhook: { origin: 'https://hooks.example' } })];
    assert.deepEqual(matchingTriggers(all, 'HOOKS battery', ''), [all[1]]);
    assert.equal(matchingTriggers(all, 'rear/voltage', '').length, 2);
    assert.equal(matchingTriggers(all, 'scan', '').length, 0);
  });
});

describe('the list of fault rules', () => {
  const rule: AppFaultTrigger = {
    app_id: 'battery_monitor',
    id: 'ftr_1',
    data_name: 'voltage',
    operator: '<',
    threshold: 22,
    fault_code: 'BATTERY_LOW',
    severity: 'WARNING',
    active: true,
  };

  it('shows whether the fault is raised', () => {
    assert.equal(stateOfRule(rule), 'watching');
    assert.equal(stateOfRule({ ...rule, active: false }), 'inactive');
    assert.equal(stateOfRule({ ...rule, 'x-medkit': { crossed: true, problem: 'x' } }), 'raised');
    assert.equal(stateOfRule({ ...rule, 'x-medkit': { crossed: false, problem: 'x' } }), 'problem');
  });

  it('is filtered by words', () => {
    assert.deepEqual(matchingRules([rule], 'battery_low volt'), [rule]);
    assert.deepEqual(matchingRules([rule], 'motor'), []);
  });
});
