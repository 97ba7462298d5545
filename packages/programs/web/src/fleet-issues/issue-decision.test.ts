import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseIgnoring, undoOf } from './issue-decision.ts';
import { isFiltered, issueQuery } from './issue-query.ts';

const NOW_MS = Date.parse('2026-03-23T02:00:00Z');
const LATER = '2026-03-24T00:00:00.000Z';
const by = { at: '2026-03-22T00:00:00Z', by: 'alice' };
const counts = { robots: 4, occurrences: 12 };

describe('undo of a decision', () => {
  it('restores a version, and makes what no decision had ongoing', () => {
    const resolved = { state: 'resolved', decided: { ...by, in_version: 'nav-2.1.0' } } as const;
    assert.deepEqual(undoOf(resolved, counts, NOW_MS), { state: 'resolved', in_version: 'nav-2.1.0' });
    assert.deepEqual(undoOf({ state: 'resolved', decided: by }, counts, NOW_MS), { state: 'resolved' });
    assert.deepEqual(undoOf({ state: 'muted', decided: by }, counts, NOW_MS), { state: 'muted' });
    for (const state of ['new', 'ongoing', 'regressed'] as const)
      assert.deepEqual(undoOf({ state }, counts, NOW_MS), { state: 'ongoing' });
  });

  it('restores limits relative to the present numbers, without those that are over', () => {
    const decided = { ...by, until_robots: 6, until_occurrences: 12, until: LATER };
    assert.deepEqual(undoOf({ state: 'ignored', decided }, counts, NOW_MS), {
      state: 'ignored',
      until: { robots: 2, date: LATER },
    });
    const over = { ...by, until_robots: 4, until: '2026-03-23T01:00:00Z' };
    assert.deepEqual(undoOf({ state: 'ignored', decided: over }, counts, NOW_MS), { state: 'ongoing' });
  });
});

describe('the limits of an ignored issue', () => {
  const parse = (robots: string, occurrences = '', date = '') => parseIgnoring({ robots, occurrences, date }, NOW_MS);

  it('are parsed from their fields', () => {
    assert.deepEqual(parse(' 5 ', '100'), { until: { robots: 5, occurrences: 100 } });
    assert.deepEqual(parse('', '', LATER), { until: { date: LATER } });
  });

  it('are refused with the field', () => {
    assert.deepEqual(parse(''), { problems: { robots: 'none' } });
    assert.deepEqual(parse('0', '1.5', 'soon'), {
      problems: { robots: 'count', occurrences: 'count', date: 'date' },
    });
    assert.deepEqual(parse('', '', '2026-03-23T01:59:00Z'), { problems: { date: 'past' } });
    assert.deepEqual(parse('٣'), { problems: { robots: 'count' } });
  });
});

describe('the filters of the list of issues', () => {
  it('are read from the address; the order is none of them', () => {
    const query = issueQuery(new URLSearchParams('state=new&q=%20MOTOR%20&order=robots&sort=x&site='));
    assert.deepEqual(query, { state: 'new', q: 'MOTOR', sort: 'robots' });
    assert.equal(isFiltered(query), true);
    assert.equal(isFiltered(issueQuery(new URLSearchParams('order=robots'))), false);
    assert.equal(issueQuery(new URLSearchParams({ version: 'x'.repeat(500) }))['version']?.length, 128);
  });
});
