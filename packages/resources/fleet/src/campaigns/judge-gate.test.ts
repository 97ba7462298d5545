import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FleetCampaignCounts } from '@medkit/contract';
import type { GateLimits } from './campaign-plan.ts';
import { type GateFacts, gateState, judgeGate } from './judge-gate.ts';

const LIMITS: GateLimits = {
  ...{ soakMs: 0, leastDone: 2, rateRatio: 3, lost: 2, approval: undefined },
  ...{ maxFailed: { percent: 20, least: 2 }, newIssue: { severity: 2, robots: 2 } },
};
const NONE = { count: 0, hours: 0 };
const waveOf = (states: FleetCampaignCounts, { isOpen = true, isApproved = false } = {}) => ({
  isOpen,
  isApproved,
  states,
});
const closed = waveOf({ selected: 5 }, { isOpen: false });
const factsOf = (waves: GateFacts['waves'], fields: Partial<GateFacts> = {}): GateFacts => ({
  ...{ waves, newIssues: [], rates: { changed: NONE, before: NONE, others: NONE } },
  ...fields,
});
const verdict = (facts: GateFacts, limits: Partial<GateLimits> = {}): string => {
  const { is, reason } = { reason: '', ...judgeGate({ ...LIMITS, ...limits }, facts) };
  return reason === '' ? is : `${is}: ${reason}`;
};
const after = (states: FleetCampaignCounts, limits: Partial<GateLimits> = {}): string =>
  verdict(factsOf([waveOf(states), closed]), limits);

describe('the gate of a campaign', () => {
  it('opens the first wave, and the next one when enough robots are done and none is under way', () => {
    assert.equal(verdict(factsOf([closed])), 'open');
    assert.deepEqual(judgeGate(LIMITS, factsOf([waveOf({ done: 2, waiting: 7 }), closed])), { is: 'open', wave: 2 });
    assert.equal(after({ done: 1, waiting: 7 }), 'wait: 2 robots of wave 1 must be done, 1 are');
    for (const state of ['preparing', 'executing', 'soaking'] as const) {
      assert.equal(after({ done: 5, [state]: 1 }), 'wait: 1 robot of wave 1 must end first');
    }
  });

  it('does not open by time alone, without a robot that is done (hawkBit#735)', () => {
    assert.equal(after({ waiting: 3 }), 'wait: 2 robots of wave 1 must be done, 0 are');
    assert.equal(after({ failed: 1 }), 'wait: 1 robot of wave 1 must be done, 0 are');
  });

  it('needs no more robots than a wave has, without those that were skipped', () => {
    assert.equal(after({ done: 1, skipped: 4 }), 'open');
    assert.equal(after({ skipped: 4 }), 'open');
    assert.equal(after({}), 'open');
  });

  it('needs an approval of each wave if the plan requires it', () => {
    const approved = waveOf({ selected: 1 }, { isOpen: false, isApproved: true });
    assert.equal(verdict(factsOf([closed]), { approval: 'any' }), 'wait: wave 1 needs an approval');
    assert.equal(verdict(factsOf([approved]), { approval: 'other' }), 'open');
    assert.equal(after({ done: 2 }, { approval: 'any' }), 'wait: wave 2 needs an approval');
    assert.equal(
      verdict(factsOf([waveOf({ done: 1, waiting: 1 }), approved]), { approval: 'any' }).slice(0, 4),
      'wait',
    );
  });

  it('ends when all robots of all waves have ended', () => {
    const last = (states: FleetCampaignCounts) => verdict(factsOf([waveOf({ done: 3 }), waveOf(states)]));
    assert.deepEqual([last({ done: 9, skipped: 1, failed: 1 }), last({ done: 9, waiting: 1 })], ['end', 'run']);
  });

  it('stops when too many failed of those that ended', () => {
    assert.match(after({ failed: 1, rolled_back: 1, done: 8 }), /^stop: gate.max_failed: 2 of 10 robots/);
    assert.match(after({ failed: 1, lost: 1, done: 0 }), /^stop: gate.max_failed: 2 of 2/);
    assert.equal(after({ failed: 1, rolled_back: 1, done: 9 }), 'open');
    assert.equal(after({ failed: 1, done: 2 }), 'open');
    assert.match(after({ rolling_back: 2, done: 1 }), /^stop: gate.max_failed/);
  });

  it('stops when robots are lost, in any wave', () => {
    const facts = factsOf([waveOf({ lost: 1, done: 20 }), waveOf({ lost: 1, waiting: 5 })]);
    assert.match(verdict(facts), /^stop: gate.lost: 2 robots/);
    assert.equal(verdict(facts, { lost: 3 }), 'run');
  });

  it('stops at a new issue on enough changed robots', () => {
    const facts = (robots: number) =>
      factsOf([waveOf({ soaking: 3 }), closed], {
        newIssues: [
          { name: 'COLD', robots: 1 },
          { name: 'HOT', robots },
        ],
      });
    assert.match(verdict(facts(2)), /^stop: gate.new_issue: HOT occurs on 2 robots/);
    assert.match(verdict(facts(1)), /^wait/);
  });

  it('stops at a higher rate of errors than before and than on other robots, which is no coincidence', () => {
    const rates = (count: number, before: number, others: number, hours = 10) =>
      verdict(
        factsOf([waveOf({ soaking: 3 }), closed], {
          rates: { changed: { count, hours }, before: { count: before, hours }, others: { count: others, hours: 100 } },
        }),
      ).slice(0, 4);
    assert.deepEqual(
      [rates(20, 2, 10), rates(20, 15, 10), rates(20, 2, 200), rates(4, 0, 0), rates(6, 2, 10), rates(20, 2, 10, 0)],
      ['stop', 'wait', 'wait', 'wait', 'wait', 'wait'],
    );
    const reason = verdict(
      factsOf([waveOf({ soaking: 3 })], {
        rates: { changed: { count: 20, hours: 10 }, before: { count: 2, hours: 10 }, others: NONE },
      }),
    );
    assert.equal(reason, 'stop: gate.rate_ratio: 2 errors per robot-hour with the change, 0.2 without it');
  });

  it('reports its figures beside its limits', () => {
    const rates = { changed: { count: 3, hours: 1.5 }, before: NONE, others: { count: 1, hours: 9 } };
    const facts = (robots: number) =>
      factsOf([waveOf({ done: 3, failed: 1, rolling_back: 1 }), waveOf({ lost: 1 })], {
        ...{ rates, newIssues: [{ name: 'HOT', robots }] },
      });
    assert.deepEqual(gateState({ ...LIMITS, soakMs: 60_000, approval: 'other' }, facts(2)), {
      ...{ soak_sec: 60, least_done: 2, approval: 'other' },
      failed: { robots: 3, ended: 6, percent: 20, least: 2 },
      lost: { robots: 1, limit: 2 },
      new_issue: { issue: 'HOT', severity: 'error', robots: 2 },
      errors: {
        changed: { errors: 3, hours: 1.5 },
        before: { errors: 0, hours: 0 },
        others: { errors: 1, hours: 9 },
        rate_ratio: 3,
      },
    });
    assert.equal(gateState(LIMITS, facts(1)).new_issue.issue, undefined);
    assert.equal(gateState(LIMITS, facts(1)).approval, undefined);
  });
});
