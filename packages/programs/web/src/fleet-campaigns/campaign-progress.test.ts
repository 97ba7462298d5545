import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FleetCampaignCounts, FleetCampaignDetail } from '@medkit/contract';
import { FLEET_CAMPAIGN_ROBOT_STATES } from '@medkit/contract';
import { actionsOf, countedStates, progressOf, waveToApprove } from './campaign-progress.ts';
import { parsePlan, planText } from './plan-text.ts';

const plan = {
  kind: 'configuration',
  changes: [{ entity: 'apps/drive', parameter: 'speed', to: 0.5 }],
  targets: { robots: ['amr-1'] },
  waves: [{ percent: 100 }],
} as const satisfies FleetCampaignDetail['plan'];

const decided = (fields: Partial<FleetCampaignDetail>) => ({ state: 'running' as const, plan, waves: [], ...fields });

describe('the progress of a campaign', () => {
  it('counts each state once', () => {
    const one = Object.fromEntries(FLEET_CAMPAIGN_ROBOT_STATES.map((state) => [state, 1])) as FleetCampaignCounts;
    const sum = progressOf(one);
    assert.deepEqual(sum, { done: 1, failed: 4, under_way: 5, waiting: 2, left_out: 3 });
    assert.equal(
      Object.values(sum).reduce((all, count) => all + count),
      FLEET_CAMPAIGN_ROBOT_STATES.length,
    );
    assert.deepEqual(progressOf({}), { done: 0, failed: 0, under_way: 0, waiting: 0, left_out: 0 });
  });

  it('lists the states that have robots, and none that these pages do not know', () => {
    const states = { done: 2, waiting: 3, dreaming: 1 } as FleetCampaignCounts;
    assert.deepEqual(countedStates(states), [
      ['waiting', 3],
      ['done', 2],
    ]);
    assert.deepEqual(progressOf(states), { done: 2, failed: 0, under_way: 0, waiting: 3, left_out: 0 });
  });
});

describe('the actions on a campaign', () => {
  it('depend on its state', () => {
    assert.deepEqual(actionsOf(decided({})), ['stop', 'cancel']);
    assert.deepEqual(actionsOf(decided({ state: 'stopped', roll_back: 'hold' })), ['roll_back', 'cancel']);
    assert.deepEqual(actionsOf(decided({ state: 'stopped', roll_back: 'roll_back_wave' })), ['roll_back', 'cancel']);
    assert.deepEqual(actionsOf(decided({ state: 'stopped', roll_back: 'roll_back_all' })), ['cancel']);
    for (const state of ['planned', 'cancelled', 'expired', 'done'] as const)
      assert.deepEqual(actionsOf(decided({ state })), []);
  });

  it('approve the first wave that needs it', () => {
    const approval = { ...plan, gate: { approval: 'other' as const } };
    const waves = [
      { wave: 1, robots: 1, states: {}, approved_at: '2026-03-23T02:00:00Z' },
      { wave: 2, robots: 1, states: {} },
      { wave: 3, robots: 1, states: {} },
    ];
    assert.equal(waveToApprove({ plan: approval, waves }), 2);
    assert.equal(waveToApprove({ plan, waves }), undefined);
    assert.equal(waveToApprove({ plan: approval, waves: waves.slice(0, 1) }), undefined);
    assert.deepEqual(actionsOf(decided({ plan: approval, waves })), ['approve', 'stop', 'cancel']);
    assert.deepEqual(actionsOf(decided({ state: 'stopped', roll_back: 'roll_back_all', plan: approval, waves })), [
      'cancel',
    ]);
  });
});

describe('the text of a plan', () => {
  it('has a member in each line, and is read unchanged', () => {
    const text = planText({ id: 'slower', ...plan, note: 'für "Ulm"\n', expires: null });
    assert.equal(text.split('\n').length, 8, text);
    assert.deepEqual(parsePlan(text), { plan: { id: 'slower', ...plan, note: 'für "Ulm"\n', dry_run: false } });
  });

  it('keeps integers beyond the safe range', () => {
    const text = planText({ id: 'slower', ...plan, changes: [{ ...plan.changes[0], to: 2n ** 60n }] });
    assert.match(text, /"to":1152921504606846976/);
    const { plan: read } = parsePlan(text) as { plan: { changes: { to: unknown }[] } };
    assert.equal(read.changes[0]!.to, 2n ** 60n);
  });

  it('does not become a dry run or a start by a member of the text', () => {
    assert.deepEqual(parsePlan('{"id": "a", "dry_run": true}'), { plan: { id: 'a', dry_run: false } });
  });

  it('is refused if it is no JSON object', () => {
    for (const text of ['', 'id: slower', '[]', 'null', '7', '{"a": 1e999}'])
      assert.deepEqual(parsePlan(text), { problem: 'json' }, text);
  });
});
