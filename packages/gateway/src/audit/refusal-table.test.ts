import assert from 'node:assert/strict';
import { it } from 'node:test';
import { RefusalTable } from './refusal-table.ts';

const START = Date.UTC(2026, 2, 23, 2, 0, 0);
const at = (second: number) => new Date(START + second * 1000).toISOString();

function table(maxSources?: number) {
  const refusals = new RefusalTable(START, maxSources);
  return {
    refusals,
    refuse: (second: number, refusal: Partial<Parameters<RefusalTable['count']>[0]> = {}) =>
      refusals.count({ reason: 'no-credential', address: '192.0.2.1', ...refusal }, START + second * 1000),
    summary: (second: number) => refusals.takeSummary(START + second * 1000),
  };
}

it('refusals of one source for one reason share one entry, whatever was requested', () => {
  const { refusals, refuse } = table();
  refuse(1, { operationId: 'listApps' });
  refuse(3, { operationId: 'getHealth' });
  refuse(2, { reason: 'wrong-login', address: '2001:db8::1', principal: 'user:alice' });
  refuse(4, { reason: 'wrong-login', address: '2001:db8::2', principal: 'user:alice' });
  refuse(5, { reason: 'wrong-login', address: '2001:db8::3' });
  const login = { reason: 'wrong-login', address: '2001:db8::/64' };
  assert.deepEqual(refusals.denied(), {
    refused: 5,
    reasons: { 'no-credential': 2, 'wrong-login': 3 },
    since: at(0),
    items: [
      { ...login, count: 1, first: at(5), last: at(5) },
      { ...login, principal: 'user:alice', count: 2, first: at(2), last: at(4) },
      { reason: 'no-credential', address: '192.0.2.1', operation_id: 'getHealth', count: 2, first: at(1), last: at(3) },
    ],
    forgotten_sources: 0,
  });
});

it('a summary contains the refusals since the last one, the most frequent first, and is skipped without any', () => {
  const { refusals, refuse, summary } = table();
  assert.equal(summary(1), undefined);
  refuse(2);
  refuse(3, { address: '192.0.2.2' });
  refuse(4, { address: '192.0.2.2' });
  const source = { reason: 'no-credential', last: at(4) };
  assert.deepEqual(summary(60), {
    refused: 3,
    reasons: { 'no-credential': 3 },
    from: at(2),
    to: at(60),
    sources: 2,
    most: [
      { ...source, address: '192.0.2.2', count: 2, first: at(3) },
      { ...source, address: '192.0.2.1', count: 1, first: at(2), last: at(2) },
    ],
  });
  assert.equal(summary(120), undefined);
  refuse(130);
  assert.deepEqual(summary(180)?.most, [{ ...source, address: '192.0.2.1', count: 1, first: at(130), last: at(130) }]);
  assert.equal(refusals.denied().items[0]?.count, 2, 'the table goes on');
});

it('refusals from many addresses do not overflow the table, and all of them count in the totals', () => {
  const { refusals, refuse, summary } = table(100);
  refuse(0, { address: '198.51.100.7', reason: 'wrong-login', principal: 'user:alice' });
  for (let source = 0; source < 10_000; source += 1) refuse(1, { address: `2001:db8:${source.toString(16)}::1` });
  const { refused, reasons, items, forgotten_sources } = refusals.denied();
  assert.deepEqual([refused, items.length, forgotten_sources], [10_001, 100, 9901]);
  assert.deepEqual(reasons, { 'wrong-login': 1, 'no-credential': 10_000 });
  const report = summary(60);
  assert.deepEqual([report?.refused, report?.reasons, report?.most.length], [10_001, reasons, 10]);
});
