import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FleetEvidence, FleetEvidenceRule } from '@medkit/contract';
import { lossOf } from './evidence-loss.ts';
import { draftOf, moved, newRule, parseRules } from './rules-draft.ts';

const evidence = (changes: Partial<FleetEvidence>): FleetEvidence => ({
  id: '1',
  robot: 'amr-1',
  fault_code: 'MOTOR',
  state: 'kept',
  descriptor: { evidence: 'recording', id: 'r' },
  stored_bytes: 1000,
  reported_at: '2026-03-23T02:00:00.000Z',
  pinned: false,
  ...changes,
});

describe('the erasure of evidence', () => {
  it('loses stored files and pins, and ends transfers', () => {
    const items = [
      evidence({ pinned: true }),
      evidence({}),
      evidence({ state: 'queued', stored_bytes: 0 }),
      evidence({ state: 'fetching', stored_bytes: 500 }),
      evidence({ state: 'offered', stored_bytes: 0 }),
    ];
    assert.deepEqual(lossOf(items, 0), { files: 2, bytes: 2000, pinned: 1, transfers: 2 });
  });

  it('spares what was reported earlier, but not what has no time', () => {
    const items = [evidence({ reported_at: '2026-03-23T01:59:59.999Z' }), evidence({}), evidence({ reported_at: '?' })];
    assert.equal(lossOf(items, Date.parse('2026-03-23T02:00:00Z')).files, 2);
  });
});

describe('the rules of evidence', () => {
  const rules: readonly FleetEvidenceRule[] = [
    { match: { severity: 'critical', site: 'köln' }, collect: ['frames', 'logs', 'recording'] },
    { match: { issue: 'new', code: 'MOTOR' }, collect: [], recording: { per_issue_version: 3, per_robot_day: 1 } },
    { match: {}, collect: ['frames'] },
  ];

  it('are the same after a form without changes', () => {
    assert.deepEqual(parseRules(draftOf(rules)), { rules });
  });

  it('are refused with the field', () => {
    const drafts = [
      newRule(0),
      { ...newRule(1), recordings: 'sample' as const, perIssueVersion: '0', perRobotDay: '1001' },
    ];
    assert.deepEqual(parseRules(drafts), {
      problems: new Set(['items[1].recording.per_issue_version', 'items[1].recording.per_robot_day']),
    });
    const sampled = { ...newRule(0), recordings: 'sample' as const, perRobotDay: ' 1000 ' };
    assert.deepEqual(parseRules([sampled, { ...sampled, recordings: 'none', perRobotDay: 'x' }]), {
      rules: [
        { match: {}, collect: ['frames'], recording: { per_robot_day: 1000 } },
        { match: {}, collect: ['frames'] },
      ],
    });
  });

  it('are moved within the list', () => {
    assert.deepEqual(moved(['a', 'b', 'c'], 0, 1), ['b', 'a', 'c']);
    assert.deepEqual(moved(['a', 'b', 'c'], 2, -1), ['a', 'c', 'b']);
    assert.deepEqual(moved(['a', 'b'], 0, -1), ['a', 'b']);
    assert.deepEqual(moved(['a', 'b'], 1, 1), ['a', 'b']);
  });
});
